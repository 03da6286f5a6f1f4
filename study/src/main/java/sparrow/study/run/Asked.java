package sparrow.study.run;

import java.io.IOException;
import java.util.OptionalLong;
import sparrow.models.Question;

/**
 * A question as it is asked.
 *
 * @param member place in its batch, from 0
 * @param question what is said to the model
 * @param stream which random numbers the replies draw; empty for numbers that follow from the prompt, the same in every
 *     batch
 */
public record Asked(int member, Question question, OptionalLong stream) {
    /** How a question of a study is asked. */
    @FunctionalInterface
    public interface Asking<Q> {
        /**
         * What is said to the model.
         *
         * @param member place in its batch
         * @throws IllegalArgumentException if it cannot be asked
         * @throws IOException if it cannot be read, or if there is no speech to be had
         */
        Asked ask(Q question, int member) throws IOException;
    }
}
