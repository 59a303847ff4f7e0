metadata description = 'Turns environment variables, which are text, into the types of parameters. For .bicepparam files.'

@export()
@description('The parts of a text between commas, without blanks; none for an empty text.')
func listOf(text string) string[] => filter(map(split(text, ','), part => trim(part)), part => !empty(part))

@export()
@description('A whole number; the default for an empty text.')
func numberOf(text string, default int) int => empty(text) ? default : int(text)

@export()
@description('True or false; the default for an empty text.')
func flagOf(text string, default bool) bool => empty(text) ? default : bool(text)

@export()
@description('A text; the default for an empty text.')
func textOf(text string, default string) string => empty(text) ? default : text

@export()
@description('An object with one property; without it for an empty text, so that the default of the app applies.')
func optionalText(name string, text string) { *: string } => empty(text) ? {} : { '${name}': text }

@export()
@description('Like optionalText, for a whole number.')
func optionalNumber(name string, text string) { *: int } => empty(text) ? {} : { '${name}': int(text) }
