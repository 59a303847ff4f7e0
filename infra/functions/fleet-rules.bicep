metadata description = 'The rules of Fleet for strategies and profiles that a type cannot express. Each problem is a sentence.'

import { autoUpgradeProfile, updateGroup, updateStage, updateStrategy } from '../types/fleet.bicep'

@description('Whether each character of a text is one of some others.')
func hasOnly(text string, characters string) bool =>
  empty(filter(range(0, length(text)), index => !contains(characters, substring(text, index, 1))))

@description('Whether a text is a whole number without a sign.')
func isNumber(text string) bool => !empty(text) && hasOnly(text, '0123456789')

@description('Whether a text is a minor version of Kubernetes, such as 1.33.')
func isMinorVersion(text string) bool =>
  length(split(text, '.')) == 2 && isNumber(first(split(text, '.'))) && isNumber(last(split(text, '.')))

@description('Whether a text is a name that Fleet accepts.')
func isName(text string) bool =>
  hasOnly(text, 'abcdefghijklmnopqrstuvwxyz0123456789-') && !startsWith(text, '-') && !endsWith(text, '-')

@description('Whether a text is a share from 1% to 100%.')
func isShare(text string) bool =>
  endsWith(text, '%') && length(text) <= 4 && isNumber(replace(text, '%', '')) && int(replace(text, '%', '')) >= 1 && int(replace(
    text,
    '%',
    ''
  )) <= 100

@description('Whether a text is a number of members from 1 to a maximum.')
func isCount(text string, maximum int) bool =>
  isNumber(text) && length(text) <= 4 && int(text) >= 1 && int(text) <= maximum

@description('The texts that occur more than once, each of them once.')
func repeated(texts string[]) string[] => filter(union(texts, []), text => length(filter(texts, other => other == text)) > 1)

@description('Names that Fleet rejects.')
func nameProblems(names string[]) string[] =>
  map(
    filter(names, name => !isName(name)),
    name =>
      'The name ${name} is invalid: use lower-case letters, digits and hyphens, with a letter or digit at both ends.'
  )

@description('What is wrong with the groups of a stage.')
func groupProblems(strategy string, groups updateGroup[]) string[] =>
  map(
    filter(groups, group => !isShare(group.?maxConcurrency ?? '1%') && !isCount(group.?maxConcurrency ?? '1', 9999)),
    group =>
      'maxConcurrency of group ${group.name} in strategy ${strategy} is ${group.?maxConcurrency}: it must be a number from 1, or a share from 1% to 100%.'
  )

@description('What is wrong with the stages of a strategy.')
func stageProblems(strategy string, stages updateStage[]) string[] =>
  map(
    filter(stages, stage => !isShare(stage.?maxConcurrency ?? '1%') && !isCount(stage.?maxConcurrency ?? '1', 50)),
    stage =>
      'maxConcurrency of stage ${stage.name} in strategy ${strategy} is ${stage.?maxConcurrency}: it must be a number from 1 to 50, or a share from 1% to 100%.'
  )

@export()
@description('What is wrong with the strategies of a fleet.')
func strategyProblems(strategies updateStrategy[]) string[] =>
  concat(
    nameProblems(map(strategies, strategy => strategy.name)),
    map(repeated(map(strategies, strategy => strategy.name)), name => 'Two strategies have the name ${name}.'),
    flatten(map(
      strategies,
      strategy =>
        concat(
          nameProblems(map(strategy.stages, stage => stage.name)),
          nameProblems(flatten(map(strategy.stages, stage => map(stage.groups, group => group.name)))),
          map(
            repeated(map(strategy.stages, stage => stage.name)),
            name => 'Two stages of strategy ${strategy.name} have the name ${name}.'
          ),
          map(
            repeated(flatten(map(strategy.stages, stage => map(stage.groups, group => group.name)))),
            name => 'Group ${name} occurs more than once in strategy ${strategy.name}.'
          ),
          stageProblems(strategy.name, strategy.stages),
          flatten(map(strategy.stages, stage => groupProblems(strategy.name, stage.groups)))
        )
    ))
  )

@export()
@description('What is wrong with the profiles of a fleet that has some strategies.')
func profileProblems(profiles autoUpgradeProfile[], strategies string[]) string[] =>
  concat(
    nameProblems(map(profiles, profile => profile.name)),
    map(repeated(map(profiles, profile => profile.name)), name => 'Two profiles have the name ${name}.'),
    map(
      filter(profiles, profile => profile.?strategy != null && !contains(strategies, profile.?strategy ?? '')),
      profile =>
        'Profile ${profile.name} names strategy ${profile.?strategy}, which is neither in strategies nor in existingStrategies.'
    ),
    map(
      filter(
        profiles,
        profile =>
          profile.channel == 'TargetKubernetesVersion' && !isMinorVersion(profile.?targetKubernetesVersion ?? '')
      ),
      profile =>
        'targetKubernetesVersion of profile ${profile.name} is ${profile.?targetKubernetesVersion}: it must be a minor version, such as 1.33.'
    )
  )
