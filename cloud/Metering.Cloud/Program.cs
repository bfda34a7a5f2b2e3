Metering.Cloud.Hosting.NativeMemory.UseFewPools();
Metering.Cloud.Accounts.CommandWords.LetParserSpeak(Metering.Cloud.Accounts.CommandWords.LanguageOf(args, Environment.GetEnvironmentVariable));
return await Metering.Cloud.Hosting.CloudCommandLine.RunAsync(args, Console.Out, Console.Error);
