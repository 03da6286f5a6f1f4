package sparrow.study.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import sparrow.formats.BadFileException;
import sparrow.models.Prompt;
import sparrow.models.SpokenModel;
import sparrow.study.run.EncodedConversation.EncodedQuestion;
import sparrow.study.run.GenerationJob.ReplyResult;

/** Encodes the questions of a batch once, and answers them case by case. */
final class GenerationWorker<R> implements Worker<Batch, ReplyResult<R>> {
    private final SpokenModel model;
    private final GenerationJob<R> job;
    private final ResultThread thread;
    private final GenerationJob.Reader<R> reader;
    private final Map<PolicyCase, Replies> decoders = new HashMap<>();

    private record Ready(int member, EncodedConversation conversation) {}

    GenerationWorker(SpokenModel model, GenerationJob<R> job) {
        this.model = model;
        this.job = job;
        this.reader = job.reader(model);
        for (PolicyCase by : job.cases()) decoders.put(by, new Replies(model, by.plan(), job.decoding()));
        this.thread = new ResultThread(job.besideDecoding());
    }

    @Override
    public void perform(Batch batch, WorkerPool.Sink<Batch, ReplyResult<R>> sink) throws IOException {
        List<Ready> ready = encode(batch, sink);
        for (Batch.Wanted wanted : batch.wanted()) {
            // All questions required for this case may have failed.
            if (ready.stream().noneMatch(one -> wanted.members().contains(one.member()))) continue;
            if (job.cases().size() > 1) sink.begun(batch, wanted.by().toString());
            Replies decoder = decoder(wanted.by());
            List<EncodedQuestion> questions = decoder.lastQuestions(
                    ready.stream().map(Ready::conversation).toList());
            decoder.to(questions, (place, reply) -> {
                int member = ready.get(place).member();
                Prompt prompt = questions.get(place).prompt();
                if (!wanted.members().contains(member)) return;
                thread.run(() -> sink.found(
                        batch, new ReplyResult.Found<>(member, wanted.by(), reader.read(member, prompt, reply))));
            });
        }
        thread.run(() -> sink.finished(batch));
    }

    private List<Ready> encode(Batch batch, WorkerPool.Sink<Batch, ReplyResult<R>> sink) throws IOException {
        List<Ready> ready = new ArrayList<>();
        for (Batch.Entry entry : batch.questions()) {
            try {
                ready.add(new Ready(
                        entry.member(),
                        EncodedConversation.of(
                                entry, model, job.decoding().limits().newTokens())));
            } catch (IllegalArgumentException e) {
                // An invalid model file affects all questions.
                if (e instanceof BadFileException bad && bad.file().startsWith(model.folder())) throw bad;
                // A single silent recording must not stop a run of several hours.
                sink.found(batch, new ReplyResult.Failed<>(entry.member(), Failures.reason(e)));
            }
        }
        return ready;
    }

    private Replies decoder(PolicyCase by) {
        Replies decoder = decoders.get(by);
        if (decoder == null) throw new BadMessageException("batch: expected a case of its job, found " + by);
        return decoder;
    }

    @Override
    public void finish() throws IOException {
        thread.finish();
    }

    @Override
    public void close() {
        thread.close();
    }

    /**
     * Creates the results of replies in order, either immediately or on a separate thread while other replies are
     * decoded.
     */
    static final class ResultThread implements AutoCloseable {
        /**
         * Maximum number of queued replies: sufficient to keep the thread busy, and a small loss if the run is
         * interrupted.
         */
        private static final int WAITING = 64;

        private static final long PATIENCE_SECONDS = 15;

        private final boolean beside;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("sparrow-results").factory());
        private final Deque<Future<?>> waiting = new ArrayDeque<>();

        interface Task {
            void run() throws IOException;
        }

        /**
         * Creates the thread.
         *
         * @param beside whether to run tasks on the separate thread
         */
        ResultThread(boolean beside) {
            this.beside = beside;
        }

        /** Runs a task, or queues it for the thread. Waits while the queue is full. */
        void run(Task task) throws IOException {
            if (!beside) {
                task.run();
                return;
            }
            waiting.add(thread.submit(() -> {
                task.run();
                return null;
            }));
            while (waiting.size() > WAITING) await(waiting.poll());
        }

        void finish() throws IOException {
            while (!waiting.isEmpty()) await(waiting.poll());
        }

        private static void await(Future<?> task) throws IOException {
            try {
                task.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RunStoppedException();
            } catch (ExecutionException e) {
                throw Failures.of(e);
            }
        }

        /** Waits for the task in progress, and cancels queued tasks. */
        @Override
        public void close() {
            thread.shutdown();
            waiting.forEach(task -> task.cancel(false));
            boolean interrupted = Thread.interrupted();
            try {
                thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
