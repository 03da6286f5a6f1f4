package sparrow.server.reply;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.models.pool.ReplyListener;

/**
 * The events of a reply while it is generated, for all protocols. Each protocol queues the events from the model's
 * threads, which must never wait, and sends them on its own thread.
 */
public sealed interface ReplyEvent {
    /** The reply was admitted. */
    record Begun(PromptUse prompt) implements ReplyEvent {}

    /** A unit was selected. */
    record Decided(Step step) implements ReplyEvent {}

    /** A piece of text is complete. */
    record Text(String piece) implements ReplyEvent {}

    /** The model called a tool. The units represent the call in the reply. */
    record Called(ToolCall call, List<Unit> units) implements ReplyEvent {}

    /** Final samples at the model's rate are available. */
    record Speech(float[] samples) implements ReplyEvent {}

    /** The reply is complete. */
    record Ended(PooledReply reply) implements ReplyEvent {}

    /** The reply failed. */
    record Failed(RuntimeException failure) implements ReplyEvent {}

    /**
     * Returns a listener that converts its calls to events.
     *
     * @param events a consumer of the events, which must not block
     * @param ready a thread-safe test whether the client is ready for more events
     */
    static ReplyListener listener(Consumer<ReplyEvent> events, BooleanSupplier ready) {
        return new ReplyListener() {
            @Override
            public void begun(PromptUse prompt) {
                events.accept(new Begun(prompt));
            }

            @Override
            public void step(Step step) {
                events.accept(new Decided(step));
            }

            @Override
            public void text(String piece) {
                events.accept(new Text(piece));
            }

            @Override
            public void call(ToolCall call, List<Unit> units) {
                events.accept(new Called(call, units));
            }

            @Override
            public void speech(float[] samples) {
                events.accept(new Speech(samples));
            }

            @Override
            public void ended(PooledReply reply) {
                events.accept(new Ended(reply));
            }

            @Override
            public void failed(RuntimeException failure) {
                events.accept(new Failed(failure));
            }

            @Override
            public boolean isReady() {
                return ready.getAsBoolean();
            }
        };
    }
}
