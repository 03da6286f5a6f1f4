package sparrow.study.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.decode.Reply;
import sparrow.engine.weights.BadFileException;
import sparrow.models.SpokenModel;

/**
 * This machine: one open model does batch after batch. The questions of a batch are encoded once and answered case by
 * case.
 */
public record LocalWorkers(SpokenModel model) implements Workers {
    @Override
    public <Q, F> void each(Work<Q, F> work, Batches<Q> batches, Sink<Q, F> sink) throws IOException {
        try (FindingThread thread = new FindingThread(work.besideDecoding())) {
            Station<Q, F> station = new Station<>(model, work, sink, thread);
            for (Optional<Batch<Q>> batch = batches.next(); batch.isPresent(); batch = batches.next()) {
                station.answer(batch.get());
            }
            thread.finish();
        }
    }

    /** A model and what one work needs of it. */
    private static final class Station<Q, F> {
        private final SpokenModel model;
        private final Work<Q, F> work;
        private final Sink<Q, F> sink;
        private final FindingThread thread;
        private final Map<PolicyCase, Replies> decoders = new LinkedHashMap<>();

        private record Ready<Q>(Q question, Encoded encoded) {}

        Station(SpokenModel model, Work<Q, F> work, Sink<Q, F> sink, FindingThread thread) {
            this.model = model;
            this.work = work;
            this.sink = sink;
            this.thread = thread;
            for (PolicyCase by : work.cases()) decoders.put(by, new Replies(model, by.plan(), work.decoding()));
        }

        void answer(Batch<Q> batch) throws IOException {
            List<Ready<Q>> ready = encoded(batch);
            Work.Finder<Q, F> finder = work.finder(model);
            for (PolicyCase by : batch.wanted().keySet()) {
                if (ready.isEmpty()) break;
                sink.begun(by);
                List<Reply> replies =
                        decoders.get(by).to(ready.stream().map(Ready::encoded).toList());
                for (int i = 0; i < replies.size(); i++) {
                    Q question = ready.get(i).question();
                    Encoded encoded = ready.get(i).encoded();
                    Reply reply = replies.get(i);
                    if (!batch.wanted().get(by).contains(question)) continue;
                    thread.run(() -> sink.found(question, by, finder.find(question, encoded.prompt(), reply)));
                }
            }
            thread.run(() -> sink.finished(batch));
        }

        private List<Ready<Q>> encoded(Batch<Q> batch) throws IOException {
            List<Ready<Q>> ready = new ArrayList<>();
            for (Q question : batch.questions()) {
                try {
                    ready.add(new Ready<>(question, work.encode(question, model)));
                } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                    // Reading fails as well where the thread is interrupted.
                    if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
                    // With a file of the model's own no question can be asked.
                    if (e instanceof BadFileException bad && bad.file().startsWith(model.folder())) throw bad;
                    // One recording of a thousand that is silent or broken must not end a run of hours.
                    sink.failed(batch, question, e);
                }
            }
            return ready;
        }
    }
}
