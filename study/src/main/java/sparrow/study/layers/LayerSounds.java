package sparrow.study.layers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.formats.AtomicFile;
import sparrow.models.SpokenModel;
import sparrow.study.folder.ItemFiles;
import sparrow.study.folder.RunFolder;
import sparrow.study.layers.ReplyReading.LayerReading;
import sparrow.study.run.LocalPool;
import sparrow.study.run.Replies;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.SpokenCodes;
import sparrow.study.scoring.AudioScores;
import sparrow.study.scoring.AudioScoring;
import sparrow.study.scoring.Scorers;

/**
 * Synthesises the audio of each layer for the first replies, stores it in the run's folder, and scores it. A layer's
 * audio consists of the layer's choices at the reply's speech positions, except choices that are not speech, which the
 * decoder would not vocode either. All layers use the same noise, so their audio differs only by their codes.
 * {@code sounds/} contains the digests for a reply's layers, {@code clips/} contains one WAV file per digest, and
 * {@code audio-scores/} contains the scores of a clip.
 */
final class LayerSounds {
    private final SpokenModel model;
    private final UnitFormat units;
    private final long noiseSeed;
    private final ItemFiles<Digests> sounds;
    private final ItemFiles<Digests> clips;
    private final ItemFiles<AudioScores> scores;

    /** The digests of a reply's layers, except layers without speech. */
    private record Digests(SortedMap<Integer, String> sha256) {}

    /**
     * The audio of a reply's layers.
     *
     * @param layers layers in ascending order
     */
    record Sounded(LayerReadings.Answered answered, List<LayerSound> layers, List<Failure> failures) {}

    /**
     * A reply's layer that has no score, with the reason.
     *
     * @param scorer {@link AudioScores#ASR} or {@link AudioScores#MOS}, or empty for a layer without speech
     * @param reason one-line reason
     */
    record Failure(int layer, String scorer, String reason) {
        @Override
        public String toString() {
            return "layer " + layer + ": " + (scorer.isEmpty() ? "" : scorer + ": ") + reason;
        }
    }

    /**
     * The audio and the text of a layer of a reply: the layer's own choices at the speech and text positions of the
     * full-depth reply. A missing part is null.
     *
     * @param sha256 digest of the WAV file
     * @param text text of the choices at text positions
     * @param heard the recogniser's transcript
     * @param mos predicted opinion score
     */
    record LayerSound(int layer, String sha256, String text, String heard, Double mos) {}

    LayerSounds(LayerSetup setup, RunFolder run) {
        model = setup.study().model();
        units = model.languageModel().units();
        noiseSeed = setup.study().decoding().sampling().seed();
        sounds = run.items("sounds", Digests.class);
        clips = run.items("clips", Digests.class);
        scores = run.items("audio-scores", AudioScores.class);
    }

    /**
     * Synthesises and scores the missing audio of the layers.
     *
     * @throws RunStoppedException if the thread is interrupted; earlier results are stored
     */
    List<Sounded> of(List<LayerReadings.Answered> replies, Scorers scorers, RunProgress progress) throws IOException {
        progress.begin("synthesising layers", replies.size());
        SequencedMap<LayerReadings.Answered, Digests> spoken = new LinkedHashMap<>();
        for (LayerReadings.Answered one : replies) {
            if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
            spoken.put(one, digests(one));
            progress.done();
        }
        Map<String, AudioScoring.ClipFile> distinct = new LinkedHashMap<>();
        int transcribed = scorers.plan().transcribedItems() == 0
                ? Integer.MAX_VALUE
                : scorers.plan().transcribedItems();
        for (Digests one : spoken.values()) {
            for (String sha256 : one.sha256().values()) {
                // A clip that also belongs to an earlier reply is still transcribed.
                distinct.putIfAbsent(sha256, new AudioScoring.ClipFile(sha256, wav(sha256), transcribed > 0));
            }
            transcribed--;
        }
        new AudioScoring(scorers, scores, progress).run(distinct.values(), new LocalPool(model));
        List<Sounded> all = new ArrayList<>();
        for (var one : spoken.entrySet()) all.add(sounded(one.getKey(), one.getValue()));
        return all;
    }

    Path wav(String sha256) {
        return clips.file(".wav", sha256);
    }

    private Digests digests(LayerReadings.Answered one) throws IOException {
        String set = one.question().set().name();
        String id = one.question().item().id();
        Optional<Digests> known = sounds.read(set, id);
        if (known.isPresent() && known.get().sha256().values().stream().allMatch(digest -> Files.exists(wav(digest)))) {
            return known.get();
        }
        SortedMap<Integer, String> digests = new TreeMap<>();
        Map<List<Integer>, String> same = new LinkedHashMap<>();
        for (LayerReading layer : one.reading().layers()) {
            int[] codes = codes(one.reading(), layer);
            if (codes.length == 0) continue;
            List<Integer> key = Arrays.stream(codes).boxed().toList();
            if (!same.containsKey(key)) same.put(key, keep(SpokenCodes.of(model, codes, noiseSeed)));
            digests.put(layer.layer(), same.get(key));
        }
        Digests made = new Digests(digests);
        sounds.write(made, set, id);
        return made;
    }

    private String keep(SpokenCodes sound) throws IOException {
        String sha256 = sound.speech().sha256();
        Files.createDirectories(wav(sha256).getParent());
        AtomicFile.write(wav(sha256), sound.wav());
        return sha256;
    }

    private int[] codes(ReplyReading reply, LayerReading layer) {
        return choices(reply, layer, units::isSpeech).stream()
                .map(units::codes)
                // A frame that ends speech has only its first code.
                .filter(codes -> codes.length == units.codebooks())
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    private static List<Unit> choices(ReplyReading reply, LayerReading layer, Predicate<Unit> ofReply) {
        return IntStream.range(0, reply.positions())
                .filter(at -> ofReply.test(reply.reply().units().get(at)))
                .mapToObj(layer.choices()::get)
                .toList();
    }

    private Sounded sounded(LayerReadings.Answered one, Digests digests) throws IOException {
        List<LayerSound> layers = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (LayerReading layer : one.reading().layers()) {
            String text = Replies.text(
                    model,
                    choices(one.reading(), layer, unit -> units.text(unit).isPresent()));
            String sha256 = digests.sha256().get(layer.layer());
            if (sha256 == null) {
                failures.add(new Failure(layer.layer(), "", "no speech"));
                layers.add(new LayerSound(layer.layer(), null, text, null, null));
                continue;
            }
            AudioScores score = scores.read(sha256).orElse(AudioScores.none(sha256));
            score.failures().forEach((who, reason) -> failures.add(new Failure(layer.layer(), who, reason)));
            layers.add(new LayerSound(
                    layer.layer(),
                    sha256,
                    text,
                    score.transcript(),
                    score.mos() == null ? null : score.mos().overall()));
        }
        return new Sounded(one, layers, failures);
    }
}
