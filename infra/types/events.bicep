metadata description = 'Types of the event subscriptions.'

@export()
@description('A system topic that exists already, as the Azure CLI lists it. A source has one topic of a type at most.')
@sealed()
type existingSystemTopic = {
  @description('Resource id of the source of the events.')
  source: string

  @description('Topic type, such as Microsoft.ContainerService.ManagedClusters.')
  topicType: string

  @description('Resource id of the topic.')
  id: string

  @description('Types of managed identity that the topic has, such as SystemAssigned; null without one.')
  identityType: string?

  @description('Object id of its system-assigned identity; null without one.')
  principalId: string?
}

@export()
@description('Where Event Grid writes events that it could not deliver.')
@sealed()
type deadLetterDestination = {
  @description('Resource id of the storage account.')
  storageAccountId: string

  @description('Name of the container.')
  containerName: string
}
