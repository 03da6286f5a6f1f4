package sparrow.server.chat;

import sparrow.models.pool.PooledReply;

/** What happens to a reply while it comes into being. */
sealed interface ReplyEvent {
    /** Text was completed. */
    record Text(String piece) implements ReplyEvent {}

    /** Samples are final, at the model's rate. */
    record Speech(float[] samples) implements ReplyEvent {}

    /** It is over. */
    record Ended(PooledReply reply) implements ReplyEvent {}

    /** It broke off. */
    record Failed(RuntimeException failure) implements ReplyEvent {}
}
