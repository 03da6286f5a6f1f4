package sparrow.study.compare;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.judge.Judge;
import sparrow.study.judge.Verdict;
import sparrow.study.mos.Mos;
import sparrow.study.run.Failures;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;

/**
 * The second part of a comparison: listeners and judges assess every reply. What fails is noted and counted, and tried
 * again by the next run. Rows that give the same sound or the same words to a question get the same assessment of it.
 */
final class Evaluator {
    /** Longer than a recogniser takes for one utterance. */
    private static final long PATIENCE_SECONDS = 15;

    private final CompareSetup setup;
    private final Scorers scorers;
    private final CompareFiles files;
    private final RunProgress progress;

    Evaluator(CompareSetup setup, Scorers scorers, CompareFiles files, RunProgress progress) {
        this.setup = setup;
        this.scorers = scorers;
        this.files = files;
        this.progress = progress;
    }

    /**
     * Assesses what is not assessed yet, question by question on several threads.
     *
     * @throws RunStoppedException if the thread was interrupted; what was assessed is kept
     */
    void run() throws IOException {
        progress.begin("scoring", setup.questions().size());
        ExecutorService threads = Executors.newFixedThreadPool(
                scorers.threads(),
                Thread.ofPlatform().daemon().name("sparrow-scorer-", 0).factory());
        try {
            List<Future<?>> questions = new ArrayList<>();
            for (StudyQuestion asked : setup.questions()) {
                questions.add(threads.submit(() -> {
                    assess(asked);
                    return null;
                }));
            }
            for (Future<?> question : questions) question.get();
        } catch (InterruptedException e) {
            throw new RunStoppedException();
        } catch (ExecutionException e) {
            throw Failures.of(e);
        } finally {
            end(threads);
        }
    }

    /** Ends scoring threads and waits for them: nothing they use may be closed under them. */
    static void end(ExecutorService threads) {
        threads.shutdownNow();
        try {
            threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void assess(StudyQuestion asked) throws IOException, InterruptedException {
        Known known = new Known();
        for (PolicyCase policy : setup.cases()) {
            Optional<KeptReply> reply = files.reply(policy, asked);
            if (reply.isEmpty()) continue;
            Optional<Assessment> before = files.assessment(policy, asked);
            Assessment after =
                    new Assessor(asked, policy, reply.get(), known).complete(before.orElse(Assessment.none()));
            if (!before.equals(Optional.of(after))) files.keep(after, policy, asked);
            if (Thread.interrupted()) throw new InterruptedException();
        }
        progress.done();
    }

    /** What was found about the replies of other rows to the same question. */
    private static final class Known {
        final Map<String, String> heardBySound = new HashMap<>();
        final Map<String, Mos> mosBySound = new HashMap<>();
        final Map<String, Double> pointsByWords = new HashMap<>();
    }

    /** Assesses one reply. */
    private final class Assessor {
        private final StudyQuestion asked;
        private final PolicyCase policy;
        private final KeptReply reply;
        private final Known known;
        private final SortedMap<String, String> failures = new TreeMap<>();

        Assessor(StudyQuestion asked, PolicyCase policy, KeptReply reply, Known known) {
            this.asked = asked;
            this.policy = policy;
            this.reply = reply;
            this.known = known;
        }

        /** Adds to an assessment what it lacks. */
        Assessment complete(Assessment before) throws IOException, InterruptedException {
            String heard = before.heard() != null ? before.heard() : hear();
            Mos mos = before.mos() != null ? before.mos() : score();
            Double text = before.textPoints() != null ? before.textPoints() : judge(reply.text(), Assessment.TEXT);
            Double spoken = before.heardPoints();
            if (spoken == null && heard != null) spoken = judge(heard, Assessment.HEARD);
            remember(heard, mos, text, spoken);
            return new Assessment(heard, mos, text, spoken, failures);
        }

        private void remember(String heard, Mos mos, Double text, Double spoken) {
            if (heard != null && reply.speech() != null) known.heardBySound.put(sound(), heard);
            if (mos != null) known.mosBySound.put(sound(), mos);
            if (text != null) known.pointsByWords.put(reply.text(), text);
            if (spoken != null) known.pointsByWords.put(heard, spoken);
        }

        private String sound() {
            return reply.speech().sha256();
        }

        private Waveform speech() throws IOException {
            return WavFile.read(files.wav(policy, asked));
        }

        private String hear() throws InterruptedException {
            if (!scorers.plan().hears(asked)) return null;
            if (reply.speech() == null) return ""; // nothing was said, and nothing is heard
            if (known.heardBySound.containsKey(sound())) return known.heardBySound.get(sound());
            try {
                return scorers.hear(speech());
            } catch (IOException e) {
                return failed(Assessment.ASR, e);
            }
        }

        private Mos score() throws InterruptedException {
            if (scorers.mos().isEmpty() || reply.speech() == null) return null;
            if (known.mosBySound.containsKey(sound())) return known.mosBySound.get(sound());
            try {
                return scorers.mos().get().score(speech());
            } catch (IOException e) {
                return failed(Assessment.MOS, e);
            }
        }

        private Double judge(String words, String failure) throws InterruptedIOException {
            Optional<Judge> judge = scorers.judge(asked.set().task());
            if (judge.isEmpty()) return null;
            if (known.pointsByWords.containsKey(words)) return known.pointsByWords.get(words);
            return switch (judge.get().judge(asked.item(), words)) {
                case Verdict.Graded(double points) -> points;
                case Verdict.Ungraded(String reason) -> {
                    failures.put(failure, reason);
                    yield null;
                }
            };
        }

        /** Interruption is no failure of a listener: it would be counted as one. A timeout is. */
        private <T> T failed(String who, IOException failure) throws InterruptedException {
            boolean timeout = failure instanceof SocketTimeoutException;
            if (failure instanceof InterruptedIOException && !timeout) throw new InterruptedException();
            if (Thread.currentThread().isInterrupted()) throw new InterruptedException();
            failures.put(who, Failures.reason(failure));
            return null;
        }
    }
}
