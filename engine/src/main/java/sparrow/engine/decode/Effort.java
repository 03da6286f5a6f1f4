package sparrow.engine.decode;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/**
 * What the tokens of one or more replies cost, the positions that were taken back included. Positions count by what they were
 * expected to decide.
 */
public record Effort(Share text, Share speech) {
    /** No effort. */
    public static final Effort NONE = new Effort(Share.NONE, Share.NONE);

    /**
     * That of one modality.
     *
     * @param passes positions that a head was asked about when they were the newest, by its layer: each was a reading of the
     *     layers up to there
     * @param rowLayers layers that positions went through in these passes, pending ones included
     * @param drafted tokens that were drafted
     * @param confirmed those of them that stayed
     */
    public record Share(SortedMap<Integer, Integer> passes, long rowLayers, int drafted, int confirmed) {
        /** No effort. */
        public static final Share NONE = new Share(new TreeMap<>(), 0, 0, 0);

        public Share {
            passes = Collections.unmodifiableSortedMap(new TreeMap<>(passes));
        }

        /** Layers whose weights were read, one reading for each pass, as if the sequence had been alone. */
        public long readings() {
            return passes.entrySet().stream()
                    .mapToLong(pass -> (long) pass.getKey() * pass.getValue())
                    .sum();
        }

        /** Both together. */
        public Share plus(Share other) {
            SortedMap<Integer, Integer> sum = new TreeMap<>(passes);
            other.passes.forEach((layer, count) -> sum.merge(layer, count, Integer::sum));
            return new Share(sum, rowLayers + other.rowLayers, drafted + other.drafted, confirmed + other.confirmed);
        }
    }

    /** That of a modality. */
    public Share of(Modality modality) {
        return switch (modality) {
            case TEXT -> text;
            case SPEECH -> speech;
        };
    }

    /** Both modalities together. */
    public Share total() {
        return text.plus(speech);
    }

    /** Both together. */
    public Effort plus(Effort other) {
        return new Effort(text.plus(other.text), speech.plus(other.speech));
    }
}
