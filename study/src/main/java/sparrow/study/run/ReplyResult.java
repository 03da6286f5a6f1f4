package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

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
public sealed interface ReplyResult<R> {
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
