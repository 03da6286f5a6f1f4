package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;
import java.util.List;
import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * A job that answers the questions of a batch case by case, and makes a result of every reply that is wanted.
 *
 * @param <R> the result of one reply
 */
public interface GenerationJob<R> extends Job<Batch, GenerationJob.ReplyResult<R>> {
    /** The cases in which every question is answered, in this order. */
    List<PolicyCase> cases();

    /** The settings of the decoding. */
    Decoding decoding();

    /** Makes results of the replies of one worker. */
    Reader<R> reader(SpokenModel model);

    /** True if results are made beside the decoding of the next replies, on a thread of their own. */
    default boolean besideDecoding() {
        return false;
    }

    @Override
    default Worker<Batch, ReplyResult<R>> open(SpokenModel model) {
        return new GenerationWorker<>(model, this);
    }

    /** Called reply by reply, by one thread. */
    interface Reader<R> {
        /**
         * Makes the result of a reply.
         *
         * @param member place of its question in the batch
         */
        R read(int member, Prompt prompt, Reply reply) throws IOException;
    }

    /**
     * The result of one question of a batch.
     *
     * @param <R> of one reply
     */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "found", value = ReplyResult.Found.class),
        @JsonSubTypes.Type(name = "failed", value = ReplyResult.Failed.class)
    })
    sealed interface ReplyResult<R> {
        /** Place of the question in its batch. */
        int member();

        /** Of its reply in one case. */
        record Found<R>(int member, PolicyCase by, R found) implements ReplyResult<R> {}

        /**
         * The question cannot be asked: none of its replies will come.
         *
         * @param reason in one line
         */
        record Failed<R>(int member, String reason) implements ReplyResult<R> {}
    }
}
