import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Issues, shows and revokes certificates: Sample issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON */
public final class Sample {
    private static final String USAGE = "usage: Sample issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON";

    public static void main(String[] args) {
        var isDone = new AtomicBoolean();
        interruptOnSignal(Thread.currentThread(), isDone);
        int status = run(args);
        // After a signal the runtime is ending already, with the status that the signal stands for.
        if (isDone.compareAndSet(false, true)) System.exit(status);
    }

    private static int run(String[] args) {
        try {
            var client = new DigiCertOne(DigiCertOne.Settings.fromEnvironment(System.getenv()), System.err::println);
            String verb = args.length == 0 ? "" : args[0];
            if (verb.equals("issue") && args.length == 4) {
                System.out.print(client.issue(args[1], args[2], Files.readString(Path.of(args[3]))));
            } else if (verb.equals("show") && args.length == 2) {
                Object details = client.details(args[1]);
                System.out.println(Json.member(details, "serial_number") + " " + Json.member(details, "status"));
            } else if (verb.equals("revoke") && args.length == 3) {
                client.revoke(args[1], args[2]);
                System.out.println("revoked " + args[1]);
            } else {
                return fail(USAGE, 2);
            }
            return 0;
        } catch (IllegalArgumentException error) {
            return fail(error.getMessage(), 2);
        } catch (DigiCertOne.ApiException | IOException error) {
            return fail(error.getMessage(), 1);
        } catch (InterruptedException error) {
            return fail("cancelled", 130);
        }
    }

    private static int fail(String reason, int status) {
        System.err.println(reason);
        return status;
    }

    /** Ctrl-C interrupts the thread and lets it end what it does. */
    private static void interruptOnSignal(Thread thread, AtomicBoolean isDone) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!isDone.compareAndSet(false, true)) return;
            thread.interrupt();
            try {
                thread.join(5_000);
            } catch (InterruptedException error) {
                // Nobody interrupts a shutdown hook.
                Thread.currentThread().interrupt();
            }
        }));
    }
}
