package sparrow.study.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Many questions, asked in batches; what is found about each reply is kept at once, and a run that was stopped or killed
 * goes on with what is missing. Batches are cut from the list of all questions, whatever is there already: what stands
 * beside a row of a product may change the last bit of its result, and so, once in a great while, a token. A batch that
 * was stopped is therefore decoded whole once more, and only what is missing is kept of it.
 *
 * @param <Q> a question, equal to itself alone
 * @param <F> what is found about one reply
 */
public final class Experiment<Q, F> {
    private final Work<Q, F> work;
    private final List<Q> questions;
    private final int batch;
    private final Findings<Q, F> findings;
    private final RunProgress progress;
    private final SequencedMap<Q, String> failures = new LinkedHashMap<>();

    /**
     * @param batch questions that are answered together
     * @param findings where they are kept
     */
    public Experiment(Work<Q, F> work, List<Q> questions, int batch, Findings<Q, F> findings, RunProgress progress) {
        this.work = work;
        this.questions = List.copyOf(questions);
        this.batch = batch;
        this.findings = findings;
        this.progress = progress;
    }

    /**
     * Finds what is missing.
     *
     * @param stage what the progress calls it
     * @return questions that could not be asked, and why, in their order; the next run tries them again
     * @throws RunStoppedException if the thread was interrupted; what was found is kept
     * @throws IOException if a finding cannot be kept
     */
    public SequencedMap<Q, String> run(Workers workers, String stage) throws IOException {
        progress.begin(
                stage, wanted(questions).values().stream().mapToInt(List::size).sum());
        workers.each(work, new Cutter(), new Kept());
        SequencedMap<Q, String> ordered = new LinkedHashMap<>();
        for (Q question : questions) if (failures.containsKey(question)) ordered.put(question, failures.get(question));
        return Collections.unmodifiableSequencedMap(ordered);
    }

    private SequencedMap<PolicyCase, List<Q>> wanted(List<Q> some) throws IOException {
        SequencedMap<PolicyCase, List<Q>> wanted = new LinkedHashMap<>();
        for (PolicyCase by : work.cases()) {
            List<Q> missing = new ArrayList<>();
            for (Q question : some) if (!findings.holds(question, by)) missing.add(question);
            if (!missing.isEmpty()) wanted.put(by, missing);
        }
        return wanted;
    }

    /** Cuts the batches that lack something. */
    private final class Cutter implements Workers.Batches<Q> {
        private int next;

        @Override
        public Optional<Batch<Q>> next() throws IOException {
            // Findings are kept meanwhile, by another thread perhaps.
            synchronized (findings) {
                return cut();
            }
        }

        private Optional<Batch<Q>> cut() throws IOException {
            while (next * batch < questions.size()) {
                int from = next * batch;
                List<Q> members = questions.subList(from, Math.min(questions.size(), from + batch));
                Batch<Q> cut = new Batch<>(next++, members, wanted(members));
                if (cut.wanted().isEmpty()) continue;
                boolean enough = findings.enough() && cut.isUntouched(work.cases());
                return enough ? Optional.empty() : Optional.of(cut);
            }
            return Optional.empty();
        }
    }

    private final class Kept implements Workers.Sink<Q, F> {
        @Override
        public void begun(PolicyCase by) {
            if (work.cases().size() > 1) progress.now(by.toString());
        }

        @Override
        public void found(Q question, PolicyCase by, F found) throws IOException {
            synchronized (findings) {
                findings.keep(question, by, found);
                progress.done();
            }
        }

        @Override
        public void failed(Batch<Q> of, Q question, Exception reason) throws IOException {
            synchronized (findings) {
                findings.failed(question, reason);
                failures.put(question, Failures.reason(reason));
                for (int i = 0; i < of.wanted(question); i++) progress.done();
            }
        }

        @Override
        public void finished(Batch<Q> done) throws IOException {
            synchronized (findings) {
                findings.finished();
            }
        }
    }
}
