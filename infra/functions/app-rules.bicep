metadata description = 'The rules for the parameters of main.bicep that a type cannot express. Each problem is a sentence.'

@description('Whether a text is a GUID.')
func isGuid(text string) bool => length(text) == 36 && map(split(text, '-'), part => length(part)) == [8, 4, 4, 4, 12]

@description('Whether a text is a resource id of a type, such as Microsoft.Insights/actionGroups.')
func isResourceId(text string, type string) bool =>
  startsWith(toLower(text), '/subscriptions/') && contains(toLower(text), '/providers/${toLower(type)}/')

@export()
@description('The parts of a list that are no GUIDs.')
func notGuids(values string[]) string[] => filter(values, value => !isGuid(value))

@export()
@description('The parts of a list that are no resource ids of a type.')
func notResourceIds(values string[], type string) string[] => filter(values, value => !isResourceId(value, type))

@export()
@description('The parts of a list that are no address ranges, such as 203.0.113.0/24.')
func notRanges(values string[]) string[] => filter(values, value => length(split(value, '/')) != 2)

@export()
@description('The parts of a list that are no names: resource ids, for example.')
func notNames(values string[]) string[] => filter(values, value => contains(value, '/'))

@export()
@description('The parts of a list that have not the six fields of NCRONTAB.')
func notSchedules(values string[]) string[] =>
  filter(values, value => length(filter(split(value, ' '), field => !empty(field))) != 6)

@export()
@description('Whether a text is the first day of a month: 2026-03-01.')
func isFirstOfMonth(text string) bool =>
  map(split(text, '-'), part => length(part)) == [4, 2, 2] && endsWith(text, '-01')

@export()
@description('A list without those that differ in case only, in lower case.')
func distinctOf(values string[]) string[] => union(map(values, value => toLower(value)), [])

@export()
@description('A sentence if a list is not empty: what is wrong, then the list.')
func sentenceFor(wrong string[], sentence string) string[] =>
  empty(wrong) ? [] : ['${sentence} Wrong: ${join(wrong, ', ')}.']

@export()
@description('A sentence if something is the case.')
func sentenceIf(isSo bool, sentence string) string[] => isSo ? [sentence] : []
