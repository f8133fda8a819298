"""What `careplan check --explain CODE` says about rosters, in the form of `code_texts`."""

# What a roster holds for `careplan batch`: one row for each handout.
ROSTERS = """\
## no-heading: the roster has no heading
The first line names the columns, so that nobody has to guess what a cell means.
- epidural-steroid-injection,2026-12-03
+ intervention,date
+ epidural-steroid-injection,2026-12-03
> Write the names of the columns into the first line. docs/roster.md lists them.

## cell-without-heading: a cell stands under no heading
Most often a cell before it holds the sign that parts the cells, so that all behind it moved one column.
- A-1001,nerve-block,Example, Jordan
+ A-1001,nerve-block,"Example, Jordan"
> Put the cell with the sign in quotes, or empty the cell that has no heading.

## too-long: a cell holds too much
A name fits on a line, and a list on a few. More is most often a quote that nobody closed.
> Look where the cell ends, and shorten it.

## json-syntax: a line cannot be read as JSON
In a file that ends in .jsonl each line holds one object, with names and texts in double quotes.
- {intervention: nerve-block}
+ {"intervention": "nerve-block"}
> Look at quotes, commas and brackets at the place that is shown.

## duplicate-ref: two rows have the same ref
Each handout is a file called by its ref. Some computers take A-1 and a-1 for the same name.
- A-1001,nerve-block
- a-1001,nerve-block
+ A-1001,nerve-block
+ A-1002,nerve-block
> Give one of the two rows another ref. If both are one handout, remove a row and set `copies`.

## no-rows: the roster has no rows
A heading alone asks for nothing. Perhaps another sheet of the workbook was saved.
> Add a row for each handout, or save the sheet that has them.

## same-file: two rows would have the same file
The name of a file is made of the ref, the intervention and the language. These come to the same here.
> Give one of the two rows another ref.

## row-request: a row asks for something that there is not
An id is misspelt, an option is missing, or the clinic is closed on that day. The sentence says which.
- A-1001,nerve-blok
+ A-1001,nerve-block
> Look ids up with `careplan list`, and what an intervention needs with `careplan show ID`.

## row-unsafe: a safety rule stops the row
Nobody can allow a conflict in a roster: a named clinician does that for one patient, with a reason.
> Leave out the therapy, or let a clinician build this handout alone with `careplan build` and --allow.

## row-unapproved: a row needs a text that nobody has approved
The clinic prints approved texts only, as careplan.toml says. The sentence names those that are not.
> Read the texts and sign them with `careplan approve`.

## row-doubt: something about a row is doubtful
Its day has passed, or a text should have been reviewed. With --strict that counts as wrong.
> Correct the day, let the text be reviewed, or print without --strict.

## row-page: a page cannot be printed as it should
The program that lays out pages complained, so a part of the page could be missing.
> Run `careplan doctor`. If all is well, build the row alone with `careplan build` and report what it says.

## row-lost: a handout was not finished
It took longer or needed more memory than the limits allow, or the process that printed it ended.
> Build the row alone with `careplan build`. If it is only slow, raise --time-limit or --memory-limit.
"""
