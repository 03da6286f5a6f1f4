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
    /** Maximum number of samples in all items, which is four minutes at 16 kHz and takes 8 MiB. */
    private static final long MAX_SAMPLES = 1 << 22;

    private final long maxSamples;
    private final Map<Content.Key, Sound> kept = new LinkedHashMap<>();
    private long samples;

    /** @param room the maximum number of samples */
    KeptAudio(long room) {
        maxSamples = Math.min(MAX_SAMPLES, room);
    }

    void put(Content.Key key, Sound sound) {
        remove(key);
        int length = sound.length();
        if (length == 0 || length > maxSamples) return;
        Iterator<Map.Entry<Content.Key, Sound>> oldest = kept.entrySet().iterator();
        while (samples + length > maxSamples) {
            samples -= oldest.next().getValue().length();
            oldest.remove();
        }
        kept.put(key, sound);
        samples += length;
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
        if (gone != null) samples -= gone.length();
    }
}
