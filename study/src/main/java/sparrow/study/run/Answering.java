package sparrow.study.run;

import java.io.IOException;
import java.util.List;
import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * Work that answers the questions of a batch case by case, and finds things out about every reply that is wanted.
 *
 * @param <F> what is found about one reply
 */
public interface Answering<F> extends Work<Batch, Finding<F>> {
    /** The cases in which every question is answered, in this order. */
    List<PolicyCase> cases();

    /** How the replies are decoded. */
    Decoding decoding();

    /** What finds things out about the replies of one batch. */
    Finder<F> finder(SpokenModel model);

    /** Whether that may go on beside the decoding of the next replies, on a thread of its own. */
    default boolean besideDecoding() {
        return false;
    }

    /** How what is found about a reply travels. */
    Form<F> findings();

    @Override
    default Station<Batch, Finding<F>> station(SpokenModel model) {
        return new AnsweringStation<>(model, this);
    }

    @Override
    default Form<Batch> tasks() {
        return new BatchForm(cases());
    }

    @Override
    default Form<Finding<F>> results() {
        return new FindingForm<>(cases(), findings());
    }

    /** Called reply by reply, by one thread. */
    interface Finder<F> {
        /**
         * What is found about a reply.
         *
         * @param member place of its question in the batch
         */
        F find(int member, Prompt prompt, Reply reply) throws IOException;
    }
}
