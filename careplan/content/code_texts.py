"""What `careplan check --explain CODE` says.

An entry begins with "## ", the code, others that mean the same, and a title. What it means
follows; lines that begin with "- " are wrong, with "+ " right, with "> " say how to mend it.
"""

# How a file is written: what YAML itself trips over.
WRITING = """\
## tab: a tab indents a line
YAML indents with spaces only. A tab looks the same, but how wide it is depends on the editor.
- \tmeaning: Was hurt before.
+ meaning: Was hurt before.
> Put spaces in its place. Most editors can be told to write spaces when you press Tab.

## open-quote: a quote is not closed
A text that begins with a quote goes on to the next one, through all lines between.
- title: "Old injury
+ title: "Old injury"
> Add the quote at the end of the text, or take the first one away.

## text-after-quote: the quote ends before the text does
When a value begins with a quote, the second quote ends it, and nothing may follow.
- title: "Old" injury
+ title: '"Old" injury'
> Put the whole text in the other kind of quotes.

## smart-quotes: curved quotes stand around a value
Word processors bend quotes. YAML knows straight ones only and would print the curved ones.
- title: \u201cOld injury\u201d
+ title: "Old injury"
> Use straight quotes, or none. Write in a text editor and not in a word processor.

## open-bracket: a bracket is not closed
A list in [ ] and fields in { } end with the bracket of the same kind.
- core: [gentle-movement
+ core: [gentle-movement]
> Add the bracket where the list or the fields end.

## special-start: a text begins with a sign that YAML uses
@ ` % * & ! | > { [ and , have a meaning at the beginning of a value.
- text: {phone} is our number.
+ text: "{phone} is our number."
> Put the text in quotes.

## colon-in-text: a colon and a space stand inside a text
A colon with a space behind it separates a field from its value, also in the middle of a text.
- text: Remember: drink water.
+ text: "Remember: drink water."
> Put the text in quotes, or make two sentences of it.

## no-space-after-colon: a space is missing after a colon
Without the space, field and value are one word.
- title:Old injury
+ title: Old injury
> Add a space after the colon.

## dash: a dash is missing, or touches what follows
Each entry of a list begins with a dash and a space.
- why:
-   -id: calm
+ why:
+   - id: calm
> Write the dash and a space before the first field of the entry.

## indent: a line begins in the wrong column
Fields that belong together begin in the same column; what is inside begins 2 spaces further right.
- - id: calm
-    text: It calms.
+ - id: calm
+   text: It calms.
> Move the line until it stands under the field to which it belongs.

## text-cut-off: a '#' cuts a text short
A # after a space begins a note for people who read the file. What follows is not printed.
- text: Ask at desk #3 in the hall.
+ text: "Ask at desk #3 in the hall."
> Put the text in quotes. If it is meant as a note, write a space after the #.

## yaml-syntax: the line cannot be read
YAML gives up at this line. The mistake is here or in the line before.
- title: - Old
+ title: Old
> Look at indents, quotes, brackets and colons here and just above.

## duplicate-key: a field is given twice
Only one of the two could count, and nobody could tell which.
- title: Yoga
- title: Gentle yoga
+ title: Gentle yoga
> Remove one. If it should begin a new entry of a list, write a dash before it.

## bad-key: a field has no plain name
A name is one word, not a list, not fields and not the merge sign <<.
- <<: {title: Yoga}
+ title: Yoga
> Write the fields out.

## no-references: an anchor or alias
The signs & and * repeat a value from elsewhere, which makes a file hard to review.
- due: *usual
+ due: 2027-11-01
> Write the value out. If it is text, put it in quotes.

## no-tags: a tag
A word that begins with ! tells YAML to read a value as something else, which is not used here.
- title: !Old injury
+ title: "!Old injury"
> Put the text in quotes, or remove the tag.

## two-documents: a file holds two documents
A line of three dashes begins a second document; a file is one fragment.
- id: yoga
- ---
- id: tai-chi
+ id: yoga
> Remove the line, or move what follows to a file of its own.

## too-deep: lists and fields are nested too deep
No fragment needs so many levels; most often a bracket is not closed.
- core: [[[[[[[[[[[[[[[[[[[[[heat]]]]]]]]]]]]]]]]]]]]]
+ core: [heat]
> Look for a bracket that is opened too often.

## too-large: the file is too large
A fragment is a few pages of text, and a roster up to 100,000 rows. A larger file is something else.
> Check that it is the file you mean, or make two of it.

## not-utf-8: the file is saved in another encoding
Letters such as \u00e9 and signs such as \u00b0 come out wrong unless the file is saved as UTF-8.
> Choose "Save as" in your editor and the encoding UTF-8, or "CSV UTF-8" in a spreadsheet.

## hidden-character: a character that cannot be seen
It often comes along when text is copied from a web page or a PDF.
> Delete it. If you cannot find it, type the line anew.

## other-reading: other YAML tools read this value otherwise
Without quotes some tools take no for false, 12:30 for 750, 010 for 8 and a date for a time.
careplan reads text.
- text: no
+ text: "no"
> Put the value in quotes. Then every tool reads the same.
"""

# What a file holds: fields and the kinds of their values.
SHAPE = """\
## unknown-kind: the kind of the file is not known
The first field says what the file is; all others depend on it.
- kind: treatment
+ kind: therapy
> Write one of the kinds that the problem lists.

## unknown-field: the field does not exist here
A misspelt field would be passed over silently, and its text would not be printed.
- titel: Yoga
+ title: Yoga
> Correct the name, or move the field to where it belongs.

## missing-field: a field is missing
Without it no handout can be made.
- kind: factor
- id: diabetes
+ kind: factor
+ id: diabetes
+ title: Diabetes
> Add the field that the problem names.

## not-expected, string-pattern-mismatch: the value has not the form that is expected
The problem says what is expected here and what was found.
- starts: soon
+ starts: 3 days
> Write it in the form that the problem shows.

## literal-error: the value is not one of the choices
The field takes one of a few words.
- status: done
+ status: draft
> Write one of the words that the problem lists.

## greater-than-equal: the number is too small
The field has a least value.
- weeks: 0
+ weeks: 1
> Write a number that is not below the one in the problem.

## less-than-equal: the number is too large
The field has a greatest value.
- weeks: 500
+ weeks: 6
> Write a number that is not above the one in the problem.

## too-short: the list has too few entries
The field needs at least as many as the problem says.
- phases: []
+ phases:
+   - {id: weekly, title: Weekly, weeks: 4, visits_per_week: 1}
> Add an entry.

## tuple-type, list-type: a list is expected
Each entry of a list begins with a dash, or stands between [ and ].
- why: It calms.
+ why:
+   - id: calm
+     text: It calms.
> Write the value as an entry of a list.

## model-type, model-attributes-type, dict-type: fields are expected
The value has fields of its own, each with a name and a colon.
- review: draft
+ review: {status: draft, version: 1, due: 2027-11-01}
> Write the fields with their values.

## int-type, int-parsing, int-parsing-size, int-from-float: a whole number is expected
Digits without a point, quotes or a unit.
- weeks: six
+ weeks: 6
> Write the number in digits.

## bool-type, bool-parsing: true or false is expected
Other words for yes and no stay text.
- passive: yes
+ passive: true
> Write true or false, without quotes.

## string-type: text is expected
The value is a number, a list or fields.
- phone_note: 12
+ phone_note: "12"
> Put it in quotes if it is meant as text.

## id-not-file-name: id and file name differ
A fragment is found by its file's name, so its id must be the same.
- id: yoga-class
+ id: yoga
> Change the id or rename the file.

## duplicate-id: an id is taken already
An id leads to one thing; translations and clinics address it by that.
- - {id: calm, text: It calms.}
- - {id: calm, text: It helps you sleep.}
+ - {id: calm, text: It calms.}
+ - {id: sleep, text: It helps you sleep.}
> Give one of the two another id.

## second-file: there is such a file already
Of this kind there is one file only.
> Move what is in the second file to the first.

## unknown-id: a name leads nowhere
The word is not in vocabulary.yaml, sources.yaml or among the fragments.
- core: [gentle-movment]
+ core: [gentle-movement]
> Correct the word, or add it where it is explained. `careplan list` shows what there is.

## no-such-file: a file is missing
The logo or typeface that clinic.yaml names is not in its folder.
- letterhead: {logo: logo.svg}
> Put the file beside clinic.yaml, or correct its name.

## outside-folder: a file stands outside the clinic's folder
All files of a clinic are in the folder of clinic.yaml, so that nothing else is ever printed.
> Copy the file into the folder.

## not-readable: a file cannot be opened
The system does not hand the file out.
> Give yourself the right to read it.

## bad-logo: the logo cannot be printed
The problem says what in the picture cannot be used.
> Save it anew as a plain SVG, PNG or JPEG.

## bad-font: the typeface cannot be printed
The problem says what the file is or what it lacks.
> Use a TrueType file with the letters of your language.

## low-contrast: a colour is too pale
Text needs a contrast of 7:1, bars and frames 3:1, or it is lost on a grey printer.
- theme: {accent: "#3a8fb7"}
+ theme: {accent: "#1f5f7f"}
> Take the shade that the problem offers, or a darker one.
"""

# What the texts say, and whether all of it goes together.
CONTENT = """\
## no-source: a statement of fact names no source
Whoever reviews the text must see who says so.
- text: Rest for 2 days.
+ text: Rest for 2 days.
+ basis: Common practice; a clinic may change it.
> Add `sources` with ids from sources.yaml, or `basis` where no source gives it.

## uncited-source: nothing cites this publication
A list of sources that nobody uses cannot be kept up.
> Cite it where it belongs, or remove it from sources.yaml.

## unused-word: nothing uses this word
A word that no rule and no fragment uses has no effect, although it looks as if it had.
> Use it, or remove it from vocabulary.yaml.

## never-fires: a rule can never fire
No intervention and therapy bring together all that its `when` asks for.
- when: {traits: [pump], interventions: [nerve-block]}
+ when: {traits: [pump]}
> Take one of the conditions away, or correct it.

## never-holds: an `only` can never hold
No plan with this fragment meets the condition, so that the text is never printed.
- only: {options: {site: [knee]}}
+ only: {options: {site: [lumbar]}}
> Correct the condition, or remove the item.

## contradiction: two rules say different things
They fire under exactly the same conditions, so one of them is wrong.
> Remove one, or make their conditions differ.

## long-sentence: a sentence is too long
People in pain lose a long sentence. 20 words are the most; 15 are better.
- text: Call us if your pain gets worse or you have a fever or you cannot feel your leg or pass urine at all.
+ text: Call us if your pain gets worse. Call us if you have a fever. Call us if you cannot feel your leg.
> Make two sentences of it.

## jargon: a word that patients do not use
The problem names the plain word.
- text: Keep the incision dry.
+ text: Keep the cut dry.
> Use the plain word. The list is jargon.yaml.

## hard-to-read: the fragment is hard to read
The grade of all its texts for patients is above 7 (Flesch-Kincaid).
> Use shorter sentences and words of one or two syllables.

## billing-code: a billing code in a text for patients
Codes such as 64483 or 0213T are for the bill and say nothing to a patient.
- text: You will have a 64483.
+ text: You will have an injection near a nerve of your low back.
> Say what is done, in words. A large number needs its comma: 10,000.

## review-overdue: the review is overdue
The day by which the text was to be looked at again is past.
> Read the text against its sources, then set `due` and `version` anew.

## review-soon: the review is due soon
The text must be looked at again within 60 days.
> Plan the review.

## language-not-file-name: language and file name differ
A translation is called like its original, with the language before the ending.
- tai-chi.fr.yaml with language: es
+ tai-chi.es.yaml with language: es
> Rename the file, or correct `language`.

## no-original: the original of a translation is missing
A translation stands beside its original: tai-chi.es.yaml beside tai-chi.yaml.
> Move it, or correct the original first if that has mistakes of its own.

## wrong-original: the original is of another kind
`original` says the kind of the file that was translated.
- original: condition
+ original: therapy
> Write the kind of the original.

## stale-translation: the original has changed since
The translation may say something else than the original says today.
> Compare the two, correct the translation, then write the new fingerprint.

## missing-translation: a text is not translated
A handout is all in one language, so every text that a patient reads is needed.
- calm: {title: Calma}
+ calm: {title: Calma, text: Te calma.}
> Add the fields that the problem names.

## unknown-text: the original has no such text
The item or the field was renamed or removed, or is misspelt.
> Use the original's id and field, or remove the text.

## not-like-original: the translation cannot stand for the original
It has other slots, such as {day 3}, or lists of another length.
- text: No te duches.
+ text: No te duches antes de {day 2}.
> Use the same slots and as many texts as the original has.

## cannot-be-planned: the request does not become a plan
Every name in it is known, but a rule stops it or something is missing.
> Do what the sentence says, then check again.

## cannot-be-printed: the page cannot be made
The text is right, but something on its page cannot be printed as it should.
> Do what the sentence says, then save again.

## unknown-item: there is no such item
A clinic's change names an item by its id, and the text that it changes has none of that id.
- drop: [how-offen]
+ drop: [how-often]
> Use the item's id, or say with before: or after: where a new item stands.

## ambiguous-item: the id stands in more than one place
A change by id must be clear about which item is meant.
> Change it in the list that you mean, or write drop: true beside it there.

## extends-itself: a text extends itself
Texts that extend each other in a circle have no beginning.
> Let one of them extend a built-in text, or none.

## not-yaml-file: the file's name does not end in .yaml
A file under another ending is not read, though its author may think so.
> Rename it, so that it ends in .yaml.

## toml-syntax: careplan.toml cannot be read
TOML has one name = value a line, with text in quotes.
- paper = a4
+ paper = "a4"
> Write the line as shown.

## stale-schema: the schema is older than the texts
Fields or ids have changed since the schema for the editor was written.
> Run careplan schema --editor vscode again.
"""
