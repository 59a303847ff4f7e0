metadata description = 'Whom Azure Monitor tells when something needs a person.'

@description('Name of the action group.')
param name string

@description('Tags of every resource.')
param tags object

@description('Mail address that alerts are sent to.')
param alertEmail string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'fleetupgrade'
    emailReceivers: [
      {
        name: 'people'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

output actionGroupId string = people.id
