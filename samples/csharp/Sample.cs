using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;

/// <summary>Issues, shows and revokes certificates.</summary>
static class Sample
{
    const string Usage = "usage: sample issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON";

    static void Main(string[] args)
    {
        using (var cancelled = new CancellationTokenSource())
        {
            Console.CancelKeyPress += (_, key) =>
            {
                // Not at once: what is running ends first, and says so.
                key.Cancel = true;
                cancelled.Cancel();
            };
            int status = Run(args, cancelled.Token).GetAwaiter().GetResult();
            // Mono, left to end by itself, at times waits a minute for a thread of its pool.
            Environment.Exit(status);
        }
    }

    static async Task<int> Run(string[] args, CancellationToken cancel)
    {
        try
        {
            using (var client = new DigiCertOne(Settings.FromEnvironment(), Console.Error.WriteLine))
            {
                string verb = args.Length == 0 ? "" : args[0];
                if (verb == "issue" && args.Length == 4)
                {
                    Console.Write(await client.Issue(args[1], args[2], File.ReadAllText(args[3]), cancel));
                }
                else if (verb == "show" && args.Length == 2)
                {
                    XElement details = await client.Details(args[1], cancel);
                    Console.WriteLine(Json.Read(details, "serial_number") + " " + Json.Read(details, "status"));
                }
                else if (verb == "revoke" && args.Length == 3)
                {
                    await client.Revoke(args[1], args[2], cancel);
                    Console.WriteLine("revoked " + args[1]);
                }
                else return Fail(Usage, 2);
                return 0;
            }
        }
        catch (ArgumentException error)
        {
            return Fail(error.Message, 2);
        }
        catch (OperationCanceledException)
        {
            return Fail("cancelled", 130);
        }
        catch (Exception error) when (error is ApiException || error is IOException)
        {
            return Fail(error.Message, 1);
        }
    }

    static int Fail(string reason, int status)
    {
        Console.Error.WriteLine(reason);
        return status;
    }
}
