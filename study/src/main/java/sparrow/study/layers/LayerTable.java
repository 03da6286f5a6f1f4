package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import sparrow.app.report.Mean;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * The layer study in numbers.
 *
 * @param replies number of those read
 * @param modalities every layer over all positions of a modality, speech first; a modality that nothing was expected in
 *     is missing
 * @param places every layer at every place of the chunks of a modality
 * @param codebooks every layer over the codebooks of frames; empty where speech is tokens
 */
record LayerTable(int replies, List<Row> modalities, List<Place> places, List<Codebook> codebooks) {
    /** Any place of a chunk. */
    private static final int ANYWHERE = 0;

    /**
     * A layer over all positions of a modality.
     *
     * @param mos of the sound of the layer's choices, over replies; null at text positions and where nothing was scored
     */
    record Row(int layer, Modality modality, Agreement means, Mean mos) {}

    /**
     * A layer at one place of the chunks of a modality.
     *
     * @param chunkPosition from 1
     */
    record Place(int layer, Modality modality, int chunkPosition, Agreement means) {}

    /**
     * A layer at one codebook of frames, behind the reply's own codes of those before it.
     *
     * @param codebook from 0
     * @param agreement share of frames where its likeliest code is that of the last layer
     */
    record Codebook(int layer, int codebook, Mean agreement) {}

    /**
     * Sums up replies that were read at the same layers, at least one.
     *
     * @param sounds scores of the sound of some of them
     */
    static LayerTable of(List<ReplyReading> replies, Collection<LayerSound.Scores> sounds) {
        List<Row> rows = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (Modality modality : List.of(Modality.SPEECH, Modality.TEXT)) {
            SortedSet<Integer> chunkPositions = chunkPositions(replies, modality);
            if (chunkPositions.isEmpty()) continue;
            List<LayerReading> layers = replies.getFirst().layers();
            for (int at = 0; at < layers.size(); at++) {
                int layer = layers.get(at).layer();
                Agreement means = agreement(replies, at, modality, ANYWHERE);
                rows.add(new Row(layer, modality, means, modality == Modality.SPEECH ? mos(sounds, layer) : null));
                for (int place : chunkPositions) {
                    places.add(new Place(layer, modality, place, agreement(replies, at, modality, place)));
                }
            }
        }
        return new LayerTable(
                replies.size(),
                Collections.unmodifiableList(rows),
                Collections.unmodifiableList(places),
                codebooks(replies));
    }

    /** Of one layer over all positions of a modality, or over those at one place of its chunks. */
    private static Agreement agreement(List<ReplyReading> replies, int layer, Modality modality, int place) {
        return Agreement.of(replies.stream()
                .map(reply -> IntStream.range(0, reply.positions())
                        .filter(at -> reply.modality(at) == modality)
                        .filter(at -> place == ANYWHERE || reply.chunkPosition(at) == place)
                        .mapToObj(reply.layers().get(layer)::at)
                        .toList())
                .toList());
    }

    private static List<Codebook> codebooks(List<ReplyReading> replies) {
        List<Codebook> all = new ArrayList<>();
        for (int layer = 0; layer < replies.getFirst().layers().size(); layer++) {
            int number = replies.getFirst().layers().get(layer).layer();
            for (int codebook = 0; ; codebook++) {
                double[] agreeing = new double[replies.size()];
                int[] frames = new int[replies.size()];
                for (int i = 0; i < frames.length; i++) {
                    List<Unit> own = replies.get(i).layers().get(layer).choices();
                    List<Unit> last = replies.get(i).layers().getLast().choices();
                    for (int at = 0; at < own.size(); at++) {
                        if (!(own.get(at) instanceof Unit.Frame(List<Integer> codes)) || codebook >= codes.size())
                            continue;
                        frames[i]++;
                        if (((Unit.Frame) last.get(at)).codes().get(codebook).equals(codes.get(codebook)))
                            agreeing[i]++;
                    }
                }
                if (Arrays.stream(frames).sum() == 0) break;
                all.add(new Codebook(number, codebook, Mean.overReplies(agreeing, frames)));
            }
        }
        return all;
    }

    private static Mean mos(Collection<LayerSound.Scores> sounds, int layer) {
        double[] scores = sounds.stream()
                .filter(sound -> sound.mos().containsKey(layer))
                .mapToDouble(sound -> sound.mos().get(layer))
                .toArray();
        if (scores.length == 0) return null;
        int[] ones = new int[scores.length];
        Arrays.fill(ones, 1);
        return Mean.overReplies(scores, ones);
    }

    private static SortedSet<Integer> chunkPositions(List<ReplyReading> replies, Modality modality) {
        TreeSet<Integer> places = new TreeSet<>();
        for (ReplyReading reply : replies) {
            for (int at = 0; at < reply.positions(); at++) {
                if (reply.modality(at) == modality) places.add(reply.chunkPosition(at));
            }
        }
        return places;
    }

    /** The layers, ascending. */
    List<Integer> layers() {
        return modalities.stream().map(Row::layer).distinct().toList();
    }

    /** The rows of one modality, by ascending layer. */
    List<Row> of(Modality modality) {
        return modalities.stream().filter(row -> row.modality() == modality).toList();
    }

    /** The places of one modality. */
    List<Place> placesOf(Modality modality) {
        return places.stream().filter(place -> place.modality() == modality).toList();
    }
}
