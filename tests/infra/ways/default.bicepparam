// The smallest deployment that reports to someone: one subscription, its own, and a mail address for alerts.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param alertEmail = 'fleets@example.com'
