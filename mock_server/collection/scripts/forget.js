// Forgets the last id before a new resource is created. If the creation fails, nothing else is changed or deleted.
pm.collectionVariables.set(variable, '');
pm.variables.set(variable, '');
