package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;
import java.util.List;
import sparrow.engine.reply.Reply;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;

/**
 * A job that answers the questions of a batch case by case, and creates a result for each required reply.
 *
 * @param <R> the result of one reply
 */
public interface GenerationJob<R> extends Job<Batch, GenerationJob.ReplyResult<R>> {
    /** Returns the cases in which each question is answered, in order. */
    List<PolicyCase> cases();

    /** Returns the settings of the decoding. */
    Decoding decoding();

    /** Returns a reader for the replies of one worker. */
    Reader<R> reader(SpokenModel model);

    /** Returns whether results are created on a separate thread while the next replies are decoded. */
    default boolean besideDecoding() {
        return false;
    }

    @Override
    default Worker<Batch, ReplyResult<R>> open(SpokenModel model) {
        return new GenerationWorker<>(model, this);
    }

    /** Creates results from replies. Each reader is called on one thread. */
    interface Reader<R> {
        /**
         * Returns the result of a reply.
         *
         * @param member index of the reply's question in the batch
         */
        R read(int member, Prompt prompt, Reply reply) throws IOException;
    }

    /**
     * The result for a question of a batch.
     *
     * @param <R> the result of one reply
     */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "found", value = ReplyResult.Found.class),
        @JsonSubTypes.Type(name = "failed", value = ReplyResult.Failed.class)
    })
    sealed interface ReplyResult<R> {
        /** Returns the index of the question in the batch. */
        int member();

        /** The result of a question's reply in one case. */
        record Found<R>(int member, PolicyCase by, R found) implements ReplyResult<R> {}

        /**
         * The failure of a question that cannot be asked, so that its replies have no results.
         *
         * @param reason one-line reason
         */
        record Failed<R>(int member, String reason) implements ReplyResult<R> {}
    }
}
