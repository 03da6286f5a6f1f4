package sparrow.server.realtime.session;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.audio.Sound;
import sparrow.server.realtime.event.Content;

/**
 * The audio of the newest items, for clients that request it again. Older audio is removed, because the model does not
 * need it.
 */
final class KeptAudio {
    /** Maximum memory of all audio, enough for four minutes at 16 kHz. */
    private static final long MAX_BYTES = 8 << 20;

    /** Memory of a sound in addition to its samples. */
    private static final long ENTRY_BYTES = 256;

    private final long maxBytes;
    private final Map<Content.Key, Sound> kept = new LinkedHashMap<>();
    private long bytes;

    /** @param room the maximum number of samples */
    KeptAudio(long room) {
        maxBytes = Math.min(MAX_BYTES / Short.BYTES, room) * Short.BYTES;
    }

    /** Returns the memory of all audio in bytes. */
    long bytes() {
        return bytes;
    }

    void put(Content.Key key, Sound sound) {
        remove(key);
        if (sound.length() == 0 || (long) sound.length() * Short.BYTES + ENTRY_BYTES > maxBytes) return;
        Sound own = sound.compact();
        Iterator<Map.Entry<Content.Key, Sound>> oldest = kept.entrySet().iterator();
        while (bytes + cost(own) > maxBytes) {
            bytes -= cost(oldest.next().getValue());
            oldest.remove();
        }
        kept.put(key, own);
        bytes += cost(own);
    }

    private static long cost(Sound sound) {
        return sound.bytes() + ENTRY_BYTES;
    }

    Optional<Sound> find(Content.Key key) {
        return Optional.ofNullable(kept.get(key));
    }

    /** Truncates the audio of a part. */
    void cut(Content.Key key, long ms) {
        find(key).ifPresent(sound -> {
            long length = Math.min(sound.length(), ms * sound.sampleRateHz() / 1000);
            put(key, sound.beginning((int) length));
        });
    }

    void remove(String itemId) {
        for (Content.Key key : kept.keySet().stream()
                .filter(key -> key.itemId().equals(itemId))
                .toList()) remove(key);
    }

    static String base64(Sound sound, RealtimeFormat format) {
        AudioEncoder encoder = format.encoder(sound.sampleRateHz());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(encoder.accept(sound.samples()));
        bytes.writeBytes(encoder.finish());
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private void remove(Content.Key key) {
        Sound gone = kept.remove(key);
        if (gone != null) bytes -= cost(gone);
    }
}
