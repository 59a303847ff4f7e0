metadata description = 'The people whom Azure Monitor notifies of alerts by mail.'

import { tagMap } from '../types/app.bicep'

@description('Name of the action group.')
param name string

@description('Tags of every resource.')
param tags tagMap

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

@description('Resource id of the action group.')
output actionGroupId string = people.id
