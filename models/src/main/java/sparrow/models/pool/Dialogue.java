package sparrow.models.pool;

import java.util.List;
import java.util.Optional;
import sparrow.models.Question;

/**
 * What a reply follows.
 *
 * @param instructions how the model is to answer; they go where its family has a system turn
 * @param earlier what was said before, in order
 * @param question what the reply answers
 */
public record Dialogue(Optional<String> instructions, List<Exchange> earlier, Question question) {
    public Dialogue {
        earlier = List.copyOf(earlier);
    }

    /** A first question. */
    public static Dialogue of(Question question) {
        return new Dialogue(Optional.empty(), List.of(), question);
    }
}
