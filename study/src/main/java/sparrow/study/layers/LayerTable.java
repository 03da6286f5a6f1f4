package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import sparrow.app.report.Mean;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.study.layers.LayerReadings.Answered;
import sparrow.study.layers.LayerSounds.LayerSound;
import sparrow.study.layers.ReplyReading.LayerReading;
import sparrow.study.report.FactMean;
import sparrow.study.run.StudyQuestion;
import sparrow.study.text.WordErrors;

/**
 * The results of the layer study.
 *
 * @param replies number of replies read
 * @param modalities one row per layer and modality, speech first; modalities without positions are omitted
 * @param places one row per layer, modality and chunk position
 * @param codebooks one row per layer and codebook of frames; empty if speech consists of tokens
 */
public record LayerTable(int replies, List<Row> modalities, List<Place> places, List<Codebook> codebooks) {
    private static final int ANYWHERE = 0;

    /**
     * The results of a layer over all positions of a modality.
     *
     * @param wer word errors in percent relative to the reply's own text, in the transcript of the layer's audio for
     *     speech, or in the layer's text for text; null if there is no transcript or audio
     * @param werDifference difference from the last layer's word errors for the same replies
     * @param mos opinion score of the layer's audio, over replies; null for text, or without scores
     * @param mosDifference difference from the last layer's opinion scores for the same replies
     * @param failedScores number of scores that the recogniser and the opinion scorer failed to compute, or null if
     *     there are none
     */
    public record Row(
            int layer,
            Modality modality,
            Agreement means,
            Mean wer,
            Mean werDifference,
            Mean mos,
            Mean mosDifference,
            Integer failedScores) {}

    /**
     * The results of a layer at a chunk position of a modality.
     *
     * @param chunkPosition position in the chunk, from 1
     */
    public record Place(int layer, Modality modality, int chunkPosition, Agreement means) {}

    /**
     * The results of a layer for a codebook of frames, given the reply's own codes for earlier codebooks.
     *
     * @param codebook codebook, from 0
     * @param agreement fraction of frames for which the layer's most likely code equals the last layer's
     */
    public record Codebook(int layer, int codebook, Mean agreement) {}

    /**
     * The agreement of a layer with the last layer, over a group of positions in all replies. Standard errors are
     * clustered by fact.
     *
     * @param positions number of positions
     * @param agreement fraction of positions at which the layer's most likely token equals the last layer's
     * @param topFive fraction of positions at which the last layer's choice is among the layer's five most likely
     *     tokens
     * @param entropy entropy in nats
     * @param divergence KL(p_L || p_l) in nats
     */
    public record Agreement(int positions, Mean agreement, Mean topFive, Mean entropy, Mean divergence) {
        private static final int FIVE = 5;

        /**
         * Returns the agreement over the positions of several replies.
         *
         * @param replies readings of the layer at the positions of each reply, by question
         */
        static Agreement of(Map<StudyQuestion, List<Reading>> replies) {
            return new Agreement(
                    replies.values().stream().mapToInt(List::size).sum(),
                    mean(replies, reading -> reading.rank() == 0 ? 1 : 0),
                    mean(replies, reading -> reading.rank() != Reading.UNKNOWN && reading.rank() < FIVE ? 1 : 0),
                    mean(replies, Reading::entropy),
                    mean(replies, Reading::divergence));
        }

        private static Mean mean(Map<StudyQuestion, List<Reading>> replies, ToDoubleFunction<Reading> value) {
            List<FactMean.Value> values = new ArrayList<>();
            replies.forEach((question, readings) -> values.add(new FactMean.Value(
                    question.fact(), readings.stream().mapToDouble(value).sum(), readings.size())));
            return FactMean.of(values);
        }
    }

    /**
     * Summarises one or more replies that were read at the same layers.
     *
     * @param sounds audio of the replies that were synthesised
     */
    static LayerTable of(List<Answered> replies, List<LayerSounds.Sounded> sounds) {
        List<Row> rows = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (Modality modality : List.of(Modality.SPEECH, Modality.TEXT)) {
            SortedSet<Integer> chunkPositions = chunkPositions(replies, modality);
            if (chunkPositions.isEmpty()) continue;
            List<LayerReading> layers = replies.getFirst().reading().layers();
            for (int at = 0; at < layers.size(); at++) {
                int layer = layers.get(at).layer();
                Agreement means = agreement(replies, at, modality, ANYWHERE);
                rows.add(row(layer, modality, means, sounds, at));
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

    /**
     * Returns the agreement of a layer over all positions of a modality, or over the positions at one place of its
     * chunks.
     */
    private static Agreement agreement(List<Answered> replies, int layer, Modality modality, int place) {
        Map<StudyQuestion, List<Reading>> readings = new LinkedHashMap<>();
        for (Answered one : replies) {
            ReplyReading reply = one.reading();
            readings.put(
                    one.question(),
                    IntStream.range(0, reply.positions())
                            .filter(at -> reply.modality(at) == modality)
                            .filter(at -> place == ANYWHERE || reply.chunkPosition(at) == place)
                            .mapToObj(reply.layers().get(layer)::at)
                            .toList());
        }
        return Agreement.of(readings);
    }

    private static List<Codebook> codebooks(List<Answered> replies) {
        List<Codebook> all = new ArrayList<>();
        List<LayerReading> layers = replies.getFirst().reading().layers();
        for (int layer = 0; layer < layers.size(); layer++) {
            for (int codebook = 0; ; codebook++) {
                List<FactMean.Value> values = new ArrayList<>();
                for (Answered one : replies) values.add(agreeing(one, layer, codebook));
                Mean agreement = FactMean.of(values);
                if (agreement.value() == null) break;
                all.add(new Codebook(layers.get(layer).layer(), codebook, agreement));
            }
        }
        return all;
    }

    private static FactMean.Value agreeing(Answered reply, int layer, int codebook) {
        List<Unit> own = reply.reading().layers().get(layer).choices();
        List<Unit> last = reply.reading().layers().getLast().choices();
        int agreeing = 0;
        int frames = 0;
        for (int at = 0; at < own.size(); at++) {
            if (!(own.get(at) instanceof Unit.Frame(List<Integer> codes)) || codebook >= codes.size()) continue;
            frames++;
            if (((Unit.Frame) last.get(at)).codes().get(codebook).equals(codes.get(codebook))) agreeing++;
        }
        return new FactMean.Value(reply.question().fact(), agreeing, frames);
    }

    private static Row row(int layer, Modality modality, Agreement means, List<LayerSounds.Sounded> sounds, int at) {
        boolean text = modality == Modality.TEXT;
        Function<LayerSound, String> words = text ? LayerSound::text : LayerSound::heard;
        List<FactMean.Value> scores = new ArrayList<>();
        List<FactMean.Value> differences = new ArrayList<>();
        for (LayerSounds.Sounded one : text ? List.<LayerSounds.Sounded>of() : sounds) {
            Double score = one.layers().get(at).mos();
            Double last = one.layers().getLast().mos();
            Object fact = one.answered().question().fact();
            if (score != null) scores.add(new FactMean.Value(fact, score, 1));
            if (score != null && last != null) differences.add(new FactMean.Value(fact, score - last, 1));
        }
        return new Row(
                layer,
                modality,
                means,
                wordErrors(sounds, at, words, 0),
                wordErrors(sounds, at, words, 1),
                orNull(scores),
                orNull(differences),
                text ? null : failedScores(sounds, layer));
    }

    private static Integer failedScores(List<LayerSounds.Sounded> sounds, int layer) {
        int failed = (int) sounds.stream()
                .flatMap(sound -> sound.failures().stream())
                .filter(failure -> failure.layer() == layer && !failure.scorer().isEmpty())
                .count();
        return failed == 0 ? null : failed;
    }

    private static Mean orNull(List<FactMean.Value> values) {
        Mean mean = FactMean.of(values);
        return mean.value() == null ? null : mean;
    }

    /**
     * Returns the word errors of a layer, in percent, minus {@code last} times the word errors of the last layer. Both
     * layers have the same reference words, so their errors are subtracted reply by reply.
     */
    private static Mean wordErrors(
            List<LayerSounds.Sounded> sounds, int at, Function<LayerSound, String> words, int last) {
        List<FactMean.Value> values = new ArrayList<>();
        for (LayerSounds.Sounded one : sounds) {
            String own = words.apply(one.layers().get(at));
            String ofLast = words.apply(one.layers().getLast());
            if (own == null || ofLast == null) continue;
            String text = one.answered().reading().reply().text();
            WordErrors errors = WordErrors.between(text, own);
            double more = errors.edits()
                    - (double) last * WordErrors.between(text, ofLast).edits();
            values.add(new FactMean.Value(one.answered().question().fact(), 100 * more, errors.referenceWords()));
        }
        return orNull(values);
    }

    private static SortedSet<Integer> chunkPositions(List<Answered> replies, Modality modality) {
        TreeSet<Integer> places = new TreeSet<>();
        for (Answered one : replies) {
            ReplyReading reply = one.reading();
            for (int at = 0; at < reply.positions(); at++) {
                if (reply.modality(at) == modality) places.add(reply.chunkPosition(at));
            }
        }
        return places;
    }

    List<Integer> layers() {
        return modalities.stream().map(Row::layer).distinct().toList();
    }

    /** Returns the rows of a modality by ascending layer. */
    public List<Row> of(Modality modality) {
        return modalities.stream().filter(row -> row.modality() == modality).toList();
    }

    /** Returns the length of a modality's longest chunk, or 0 if there is none. */
    public int chunk(Modality modality) {
        return placesOf(modality).stream().mapToInt(Place::chunkPosition).max().orElse(0);
    }

    /** Returns the rows of a modality by chunk position. */
    List<Place> placesOf(Modality modality) {
        return places.stream().filter(place -> place.modality() == modality).toList();
    }
}
