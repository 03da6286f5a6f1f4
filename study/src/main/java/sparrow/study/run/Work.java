package sparrow.study.run;

import java.io.IOException;
import java.util.List;
import sparrow.engine.decode.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * What an experiment does with every question. A value: it holds settings and no model, and it knows no folder, so that
 * it can be done wherever the model is open, and gives the same there.
 *
 * @param <Q> a question
 * @param <F> what is found about one reply
 */
public interface Work<Q, F> {
    /** The cases in which every question is answered, in this order. */
    List<PolicyCase> cases();

    /** How the replies are decoded. */
    Decoding decoding();

    /**
     * A question as the model takes it.
     *
     * @throws IllegalArgumentException if it cannot be understood
     * @throws IOException if it cannot be read, or if there is no speech to be had
     */
    Encoded encode(Q question, SpokenModel model) throws IOException;

    /** What finds things out about the replies of one batch. */
    Finder<Q, F> finder(SpokenModel model);

    /** Whether that may go on beside the decoding of the next replies, on a thread of its own. */
    default boolean besideDecoding() {
        return false;
    }

    /** Called reply by reply, by one thread. */
    interface Finder<Q, F> {
        /** What is found about a reply. */
        F find(Q question, Prompt prompt, Reply reply) throws IOException;
    }
}
