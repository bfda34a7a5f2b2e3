using Metering.FirmwareSim;

return await Commands.RunAsync(args, TimeProvider.System);
