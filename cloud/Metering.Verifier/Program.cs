return Metering.Verifier.VerifyCommand.Run(args, Console.Out, Console.Error, Environment.GetEnvironmentVariable("LANG"));
