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
"""
