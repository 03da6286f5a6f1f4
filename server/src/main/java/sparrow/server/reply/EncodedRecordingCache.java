package sparrow.server.reply;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.models.Question;
import sparrow.server.message.HeapShare;
import sparrow.speech.wave.Waveform;

/**
 * A cache of encoded recordings with a maximum size. The least recently used recordings are removed first. Thread-safe.
 */
final class EncodedRecordingCache implements AutoCloseable {
    /** Size of an entry's key and map node, in addition to its codes. */
    private static final long ENTRY_BYTES = 256;

    private final long maxBytes;
    private final Map<String, Question> heard = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    EncodedRecordingCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized Optional<Question> find(String name) {
        return Optional.ofNullable(heard.get(name));
    }

    synchronized void remember(String name, Question question) {
        Question before = heard.put(name, question);
        add(cost(question) - (before == null ? 0 : cost(before)));
        var oldest = heard.entrySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            add(-cost(oldest.next().getValue()));
            oldest.remove();
        }
    }

    private void add(long more) {
        bytes += more;
        HeapShare.ENCODED.add(more);
    }

    /** Removes all recordings. */
    @Override
    public synchronized void close() {
        heard.clear();
        add(-bytes);
    }

    synchronized int size() {
        return heard.size();
    }

    private static long cost(Question question) {
        return ENTRY_BYTES
                + switch (question) {
                    case Question.Codes codes -> (long) codes.codes().length * Integer.BYTES;
                    case Question.Embeddings vectors ->
                        vectors.pieces().stream()
                                .mapToLong(piece -> (long) piece.length * Float.BYTES)
                                .sum();
                    case Question.Spoken(Waveform sound) -> (long) sound.samples().length * Float.BYTES;
                    case Question.Typed(String text) -> 2L * text.length();
                    case Question.ToolOutputs(List<String> texts) ->
                        texts.stream().mapToLong(text -> 2L * text.length()).sum();
                    case Question.Mixed(List<Question> parts) ->
                        parts.stream().mapToLong(EncodedRecordingCache::cost).sum();
                };
    }
}
