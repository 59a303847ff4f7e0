metadata description = 'The workbook: releases, profiles, runs and alerts on one page.'

import { tagMap } from '../types/app.bicep'

@description('What identifies the installation.')
param installation string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Resource id of the Log Analytics workspace that it reads.')
param workspaceId string

var content = loadJsonContent('../workbook.json')

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, installation, 'fleet-auto-upgrade')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Fleet auto-upgrade ${installation}'
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: string(union(content, { fallbackResourceIds: [workspaceId] }))
  }
}
