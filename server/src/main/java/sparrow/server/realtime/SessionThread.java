package sparrow.server.realtime;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The thread of a session: does one thing after the other. What it is given is bounded by those who give: a client's next frame is
 * read when the one before was answered, and a reply is decoded while its client is ready.
 */
final class SessionThread implements Executor {
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
    private final Runnable afterEach;
    private final Runnable onBroken;
    private volatile boolean ended;

    /**
     * @param afterEach is run behind every command
     * @param onBroken is run if a command throws an unexpected exception; nothing is done after that
     */
    SessionThread(String name, Runnable afterEach, Runnable onBroken) {
        this.afterEach = afterEach;
        this.onBroken = onBroken;
        Thread.ofVirtual().name(name).start(this::run);
    }

    @Override
    public void execute(Runnable command) {
        if (!ended) commands.add(command);
    }

    /** Does nothing more. On this thread. */
    void end() {
        ended = true;
    }

    private void run() {
        try {
            while (!ended) {
                commands.take().run();
                afterEach.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            ended = true;
            System.getLogger(SessionThread.class.getName())
                    .log(System.Logger.Level.ERROR, "a realtime session broke", e);
            onBroken.run();
        } finally {
            ended = true;
            commands.clear();
        }
    }
}
