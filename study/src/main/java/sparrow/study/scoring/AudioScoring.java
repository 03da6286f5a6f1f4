package sparrow.study.scoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import sparrow.study.folder.ItemFiles;
import sparrow.study.run.BadMessageException;
import sparrow.study.run.Failures;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.WorkerPool;

/**
 * Scores the clips of a run. Scores are stored immediately in the run's folder, by clip digest. A clip is scored once,
 * even if it belongs to several replies or the run is interrupted. Failures are also stored, and the next run retries
 * them after the other clips. A scorer that fails at its first clip stops the run.
 */
public final class AudioScoring {
    /** Maximum number of clips per batch: sufficient for several threads, and a small loss if a batch fails. */
    private static final int CLIPS_AT_ONCE = 32;

    /**
     * Maximum size of a batch. Half a minute of speech exceeds a megabyte, and several batches are in memory at a time.
     */
    private static final long BYTES_AT_ONCE = 16 << 20;

    private final Scorers scorers;
    private final ItemFiles<AudioScores> stored;
    private final RunProgress progress;

    /** Keys of the scorers that have scored a clip. */
    private final Set<String> working = ConcurrentHashMap.newKeySet();

    /** Clips without a score, by digest. */
    private final Map<String, Lacking> open = new ConcurrentHashMap<>();

    /**
     * Creates a scoring run.
     *
     * @param stored clip scores, by digest
     */
    public AudioScoring(Scorers scorers, ItemFiles<AudioScores> stored, RunProgress progress) {
        this.scorers = scorers;
        this.stored = stored;
        this.progress = progress;
    }

    /**
     * A clip of a run.
     *
     * @param sha256 digest of the WAV file
     * @param wav path of the WAV file
     * @param transcribed whether a transcript is required
     */
    public record ClipFile(String sha256, Path wav, boolean transcribed) {}

    /** A clip and its missing scores. */
    private record Lacking(ClipFile clip, boolean transcript, boolean mos) {}

    /**
     * Makes the workers open the recogniser and the opinion scorer, so that a missing file is reported before the first
     * question is asked.
     *
     * @throws IllegalArgumentException if workers cannot open a scorer; the message is one line
     * @throws RunStoppedException if the thread is interrupted
     * @throws IOException if opening a scorer crashes the workers
     */
    public static void tryOut(Scorers scorers, WorkerPool pool) throws IOException {
        if (!scorers.plan().scoresAudio()) return;
        pool.run(scorers.job(), WorkerPool.Tasks.of(List.of(new ClipBatch(0, List.of()))), new WorkerPool.Sink<>() {
            @Override
            public void found(ClipBatch batch, AudioScores scores) {}

            @Override
            public void lost(ClipBatch batch, String reason) throws IOException {
                throw new IOException("workers cannot score speech: " + reason);
            }
        });
    }

    /**
     * Scores the clips that have not been scored.
     *
     * @param clips one clip per digest
     * @throws RunStoppedException if the thread is interrupted; earlier scores are stored
     * @throws IOException if scores cannot be stored, or a scorer fails before it has scored a clip; the message is one
     *     line
     */
    public void run(Collection<ClipFile> clips, WorkerPool pool) throws IOException {
        if (!scorers.plan().scoresAudio()) return;
        List<Lacking> lacking = new ArrayList<>();
        List<Lacking> retried = new ArrayList<>();
        for (ClipFile clip : clips) {
            AudioScores known = known(clip.sha256());
            if (known.transcript() != null) working.add(AudioScores.ASR);
            if (known.mos() != null) working.add(AudioScores.MOS);
            lacking(clip, known).ifPresent(known.failures().isEmpty() ? lacking::add : retried::add);
        }
        lacking.addAll(retried);
        progress.begin("scoring speech", lacking.size());
        if (lacking.isEmpty()) return;
        for (Lacking one : lacking) open.put(one.clip().sha256(), one);
        pool.run(scorers.job(), new Batches(lacking.iterator()), new Kept());
    }

    private Optional<Lacking> lacking(ClipFile clip, AudioScores known) {
        boolean transcript =
                clip.transcribed() && scorers.plan().recogniser().isPresent() && known.transcript() == null;
        boolean mos = scorers.plan().opinionScorer().isPresent() && known.mos() == null;
        return transcript || mos ? Optional.of(new Lacking(clip, transcript, mos)) : Optional.empty();
    }

    private AudioScores known(String sha256) throws IOException {
        return stored.read(sha256).orElse(AudioScores.none(sha256));
    }

    private void store(AudioScores scores) throws IOException {
        stored.write(known(scores.sha256()).with(scores), scores.sha256());
        progress.done();
    }

    /** Stores what the scorers returned. If a scorer fails before it has scored a clip, it would fail for all of them. */
    private void keep(AudioScores scores) throws IOException {
        store(scores);
        if (scores.transcript() != null) working.add(AudioScores.ASR);
        if (scores.mos() != null) working.add(AudioScores.MOS);
        for (Map.Entry<String, String> failure : scores.failures().entrySet()) {
            if (working.contains(failure.getKey())) continue;
            throw new IOException(
                    "--" + failure.getKey() + ": the first reply could not be scored: " + failure.getValue());
        }
    }

    /** Stores the failure of a clip that no scorer has heard. */
    private void keepFailure(Lacking clip, String reason) throws IOException {
        TreeMap<String, String> failures = new TreeMap<>();
        if (clip.transcript()) failures.put(AudioScores.ASR, reason);
        if (clip.mos()) failures.put(AudioScores.MOS, reason);
        store(new AudioScores(clip.clip().sha256(), null, null, failures));
    }

    /** Reads the clips in batches. */
    private final class Batches implements WorkerPool.Tasks<ClipBatch> {
        private final Iterator<Lacking> rest;
        private int number;

        Batches(Iterator<Lacking> rest) {
            this.rest = rest;
        }

        @Override
        public Optional<ClipBatch> next() throws IOException {
            List<Clip> clips = new ArrayList<>();
            long bytes = 0;
            while (rest.hasNext() && clips.size() < CLIPS_AT_ONCE && bytes < BYTES_AT_ONCE) {
                if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                Lacking next = rest.next();
                Optional<byte[]> wav = wav(next);
                if (wav.isEmpty()) continue;
                clips.add(new Clip(next.clip().sha256(), next.transcript(), next.mos(), wav.get()));
                bytes += wav.get().length;
            }
            return clips.isEmpty() ? Optional.empty() : Optional.of(new ClipBatch(number++, clips));
        }

        /** Reads the file of a clip. If it cannot be read, stores this failure and returns empty. */
        private Optional<byte[]> wav(Lacking clip) throws IOException {
            try {
                return Optional.of(Files.readAllBytes(clip.clip().wav()));
            } catch (IOException e) {
                // Reading also fails if the thread is interrupted.
                if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                open.remove(clip.clip().sha256());
                keepFailure(clip, Failures.reason(e));
                return Optional.empty();
            }
        }
    }

    private final class Kept implements WorkerPool.Sink<ClipBatch, AudioScores> {
        @Override
        public void found(ClipBatch batch, AudioScores scores) throws IOException {
            if (scores.sha256() == null || open.remove(scores.sha256()) == null) {
                throw new BadMessageException("audio scores: expected those of a clip of " + batch);
            }
            keep(scores);
        }

        @Override
        public void lost(ClipBatch batch, String reason) throws IOException {
            for (Clip clip : batch.clips()) {
                Lacking lacking = open.remove(clip.sha256());
                if (lacking != null) keepFailure(lacking, "lost with its batch: " + reason);
            }
        }
    }
}
