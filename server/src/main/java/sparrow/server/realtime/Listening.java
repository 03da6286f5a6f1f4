package sparrow.server.realtime;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import sparrow.models.Question;
import sparrow.server.audio.Sound;

/**
 * Lets the model listen on threads that may take long. Whatever becomes of it comes back as a command of the session, so that no
 * response waits for ever.
 */
final class Listening {
    private final UnaryOperator<Question> ears;
    private final Executor threads;
    private final Executor session;

    /**
     * @param ears make of a recording what stands in prompts
     * @param session runs commands of the session
     */
    Listening(UnaryOperator<Question> ears, Executor threads, Executor session) {
        this.ears = ears;
        this.threads = threads;
        this.session = session;
    }

    void hear(Sound said, Consumer<Heard> then) {
        try {
            threads.execute(() -> {
                Heard heard = heard(said);
                session.execute(() -> then.accept(heard));
            });
        } catch (RejectedExecutionException e) {
            then.accept(new Heard.Nothing("the server is shutting down"));
        }
    }

    private Heard heard(Sound said) {
        long start = System.nanoTime();
        try {
            Question question = ears.apply(new Question.Spoken(said.waveform()));
            return new Heard.Something(question, System.nanoTime() - start);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return new Heard.Nothing(e.getMessage());
        } catch (RuntimeException | Error e) {
            // A defect, or no memory for so much sound: of this recording, and of no other.
            System.getLogger("sparrow.server").log(System.Logger.Level.ERROR, "a recording could not be heard", e);
            return new Heard.Nothing("the server could not listen to the recording");
        }
    }
}
