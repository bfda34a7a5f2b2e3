return await Metering.Cloud.Hosting.CloudCommandLine.RunAsync(args, Console.Out, Console.Error);
