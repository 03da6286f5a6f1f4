package sparrow.server.realtime;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.RealtimeFormat;
import sparrow.speech.wave.Waveform;

/** The sound of the newest items, for clients that ask for it again. What is older is forgotten: the model needs none of it. */
final class KeptAudio {
    /** Samples of all items: 16 MiB, four minutes at 16 kHz. */
    static final int MOST_SAMPLES = 1 << 22;

    /**
     * A part of an item.
     *
     * @param itemId the item
     * @param contentIndex of the part, from 0
     */
    record Key(String itemId, int contentIndex) {}

    private final Map<Key, Waveform> kept = new LinkedHashMap<>();
    private int samples;

    void put(Key key, Waveform sound) {
        remove(key);
        int length = sound.samples().length;
        if (length == 0 || length > MOST_SAMPLES) return;
        Iterator<Map.Entry<Key, Waveform>> oldest = kept.entrySet().iterator();
        while (samples + length > MOST_SAMPLES) {
            samples -= oldest.next().getValue().samples().length;
            oldest.remove();
        }
        kept.put(key, sound);
        samples += length;
    }

    Optional<Waveform> find(Key key) {
        return Optional.ofNullable(kept.get(key));
    }

    /** Only the beginning of it stays. */
    void cut(Key key, long ms) {
        find(key).ifPresent(sound -> {
            long length = Math.min(sound.samples().length, ms * sound.sampleRateHz() / 1000);
            put(key, new Waveform(Arrays.copyOf(sound.samples(), (int) length), sound.sampleRateHz()));
        });
    }

    void remove(String itemId) {
        for (Key key : kept.keySet().stream()
                .filter(key -> key.itemId().equals(itemId))
                .toList()) remove(key);
    }

    /** Sound as a client gets it. */
    static String base64(Waveform sound, RealtimeFormat format) {
        AudioEncoder encoder = format.encoder(sound.sampleRateHz());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(encoder.accept(sound.samples()));
        bytes.writeBytes(encoder.finish());
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private void remove(Key key) {
        Waveform gone = kept.remove(key);
        if (gone != null) samples -= gone.samples().length;
    }
}
