package sparrow.models.pool;

import java.util.List;
import java.util.function.Consumer;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.family.ToolCall;

/** The listeners of one reply, which are notified in order. */
record ReplyListeners(List<ReplyListener> all) implements ReplyListener {
    @Override
    public void begun(PromptUse prompt) {
        for (ReplyListener listener : all) listener.begun(prompt);
    }

    @Override
    public void step(Step step) {
        for (ReplyListener listener : all) listener.step(step);
    }

    @Override
    public void text(String piece) {
        for (ReplyListener listener : all) listener.text(piece);
    }

    @Override
    public void call(ToolCall call, List<Unit> units) {
        for (ReplyListener listener : all) listener.call(call, units);
    }

    @Override
    public void speech(float[] samples) {
        for (ReplyListener listener : all) listener.speech(samples);
    }

    @Override
    public void ended(PooledReply reply) {
        last(all, listener -> listener.ended(reply));
    }

    @Override
    public void failed(RuntimeException failure) {
        last(all, listener -> listener.failed(failure));
    }

    /** Notifies each listener, even if an earlier one throws an exception. */
    private static void last(List<ReplyListener> listeners, Consumer<ReplyListener> call) {
        if (listeners.isEmpty()) return;
        try {
            call.accept(listeners.getFirst());
        } finally {
            last(listeners.subList(1, listeners.size()), call);
        }
    }

    @Override
    public boolean isReady() {
        return all.stream().allMatch(ReplyListener::isReady);
    }
}
