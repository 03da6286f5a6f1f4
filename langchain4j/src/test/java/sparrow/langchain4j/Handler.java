package sparrow.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps all it is told, can be waited for, and can cancel. */
class Handler implements StreamingChatResponseHandler {
    final StringBuilder text = new StringBuilder();
    final List<AudioChunk> chunks = new ArrayList<>();
    volatile int textPieces;
    volatile StreamingHandle handle;
    volatile ChatResponse response;
    volatile Throwable failure;
    int failures;
    private int cancelAfter = Integer.MAX_VALUE;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);

    Handler cancellingAfter(int pieces) {
        cancelAfter = pieces;
        return this;
    }

    @Override
    public void onPartialResponse(String piece) {
        text.append(piece);
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
        handle = context.streamingHandle();
        textPieces++;
        onPartialResponse(piece.text());
        if (textPieces == cancelAfter) {
            handle.cancel();
            cancelled.countDown();
        }
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        chunks.add((AudioChunk) event);
    }

    @Override
    public void onCompleteResponse(ChatResponse whole) {
        response = whole;
        over.countDown();
    }

    @Override
    public void onError(Throwable error) {
        failure = error;
        failures++;
        over.countDown();
    }

    Handler await() throws InterruptedException {
        if (!over.await(5, TimeUnit.MINUTES)) throw new AssertionError("no end within five minutes");
        return this;
    }

    void awaitCancel() throws InterruptedException {
        if (!cancelled.await(5, TimeUnit.MINUTES)) throw new AssertionError("not cancelled within five minutes");
    }

    float[] samples() {
        float[] all = new float
                [chunks.stream().mapToInt(chunk -> chunk.samples().length).sum()];
        int at = 0;
        for (AudioChunk chunk : chunks) {
            System.arraycopy(chunk.samples(), 0, all, at, chunk.samples().length);
            at += chunk.samples().length;
        }
        return all;
    }
}
