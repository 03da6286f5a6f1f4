package sparrow.models.pool;

import sparrow.engine.decode.Step;

/** Hands on what it hears. A subclass does something of its own beside that. */
public class ForwardingReplyListener implements ReplyListener {
    private final ReplyListener listener;

    /** @param listener hears everything */
    protected ForwardingReplyListener(ReplyListener listener) {
        this.listener = listener;
    }

    @Override
    public void begun(PromptUse prompt) {
        listener.begun(prompt);
    }

    @Override
    public void step(Step step) {
        listener.step(step);
    }

    @Override
    public void text(String piece) {
        listener.text(piece);
    }

    @Override
    public void speech(float[] samples) {
        listener.speech(samples);
    }

    @Override
    public void ended(PooledReply reply) {
        listener.ended(reply);
    }

    @Override
    public void failed(RuntimeException failure) {
        listener.failed(failure);
    }

    @Override
    public boolean isReady() {
        return listener.isReady();
    }
}
