// Nothing is chosen: alerts show in the portal and reach no one.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
