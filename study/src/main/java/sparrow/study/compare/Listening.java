package sparrow.study.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import sparrow.study.run.BadMessageException;
import sparrow.study.run.Failures;
import sparrow.study.run.KeptReply;
import sparrow.study.run.LocalPool;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.WorkerPool;

/**
 * Part of a comparison: workers hear the replies and score how they sound. Each sound is listened to once, however many
 * rows have it, and what is found is kept at once with all of them. What fails is noted, and tried again by the next run.
 */
final class Listening {
    /** Enough to keep some threads busy, few enough to lose. */
    private static final int SOUNDS_AT_ONCE = 32;

    /** Half a minute of speech has more than a megabyte, and several batches are in memory together. */
    private static final long BYTES_AT_ONCE = 16 << 20;

    private final CompareSetup setup;
    private final Scorers scorers;
    private final CompareFiles files;
    private final RunProgress progress;

    /** What nobody has told of yet, by SHA-256. */
    private final Map<String, Unheard> open = new ConcurrentHashMap<>();

    Listening(CompareSetup setup, Scorers scorers, CompareFiles files, RunProgress progress) {
        this.setup = setup;
        this.scorers = scorers;
        this.files = files;
        this.progress = progress;
    }

    /** Where a reply belongs. */
    private record Place(PolicyCase policy, StudyQuestion asked) {}

    /** A reply that can be listened to, and what is thought of it. */
    private record Spoken(Place place, String sha256, Assessment before) {}

    /** A sound that lacks words or scores, and the replies that have it. */
    private static final class Unheard {
        final String sha256;
        final List<Place> places = new ArrayList<>();
        boolean heard;
        boolean scored;

        Unheard(String sha256) {
            this.sha256 = sha256;
        }
    }

    /**
     * Lets workers elsewhere open what they are to listen with, so that what they lack is told before anything is asked.
     *
     * @throws IllegalArgumentException in one line if they cannot
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if they died of it
     */
    static void tryOut(Scorers scorers, WorkerPool workers) throws IOException {
        if (scorers.listenHere() || !scorers.plan().listens()) return;
        Iterator<Sounds> once = List.of(Sounds.NONE).iterator();
        workers.run(
                scorers.hearing(),
                () -> once.hasNext() ? Optional.of(once.next()) : Optional.empty(),
                new WorkerPool.Sink<>() {
                    @Override
                    public void found(Sounds task, Heard heard) {}

                    @Override
                    public void finished(Sounds task) {}

                    @Override
                    public void lost(Sounds task, String reason) throws IOException {
                        throw new IOException("workers cannot listen: " + reason);
                    }
                });
    }

    /**
     * Listens to what nobody has listened to yet.
     *
     * @param workers who listen, unless the listeners are open here
     * @throws RunStoppedException if the thread was interrupted; what was found is kept
     * @throws IOException if a finding cannot be kept
     */
    void run(WorkerPool workers) throws IOException {
        if (!scorers.plan().listens()) return;
        List<Unheard> unheard = unheard();
        progress.begin("listening", unheard.size());
        if (unheard.isEmpty()) return;
        for (Unheard sound : unheard) open.put(sound.sha256, sound);
        WorkerPool listeners = scorers.listenHere() ? new LocalPool(setup.model()) : workers;
        listeners.run(scorers.hearing(), new Cutter(unheard.iterator()), new Kept());
    }

    /** Question by question. */
    private List<Unheard> unheard() throws IOException {
        SequencedMap<String, Unheard> unheard = new LinkedHashMap<>();
        for (StudyQuestion asked : setup.questions()) {
            List<Spoken> replies = spoken(asked);
            Map<String, Heard> known = new HashMap<>();
            for (Spoken reply : replies) {
                known.merge(reply.sha256(), Heard.known(reply.sha256(), reply.before()), Heard::and);
            }
            for (Spoken reply : replies) {
                Assessment now = reply.before();
                Heard found = known.get(reply.sha256());
                // Another row knows what this one lacks, where a run was killed between them.
                boolean more =
                        lacksWords(asked, now) && found.words() != null || lacksScores(now) && found.mos() != null;
                if (more) now = keep(reply.place(), found);
                if (!lacksWords(asked, now) && !lacksScores(now)) continue;
                Unheard sound = unheard.computeIfAbsent(reply.sha256(), Unheard::new);
                sound.heard |= lacksWords(asked, now);
                sound.scored |= lacksScores(now);
                sound.places.add(reply.place());
            }
        }
        return List.copyOf(unheard.values());
    }

    private List<Spoken> spoken(StudyQuestion asked) throws IOException {
        List<Spoken> replies = new ArrayList<>();
        for (PolicyCase policy : setup.cases()) {
            Optional<KeptReply> reply = files.reply(policy, asked);
            if (reply.isEmpty() || reply.get().speech() == null) continue;
            Place place = new Place(policy, asked);
            replies.add(new Spoken(place, reply.get().speech().sha256(), assessment(place)));
        }
        return replies;
    }

    private Assessment assessment(Place place) throws IOException {
        return files.assessment(place.policy(), place.asked()).orElse(Assessment.none());
    }

    private boolean lacksWords(StudyQuestion asked, Assessment assessment) {
        return scorers.plan().hears(asked) && assessment.heard() == null;
    }

    private boolean lacksScores(Assessment assessment) {
        return scorers.plan().opinionScorer().isPresent() && assessment.mos() == null;
    }

    private Assessment keep(Place place, Heard found) throws IOException {
        Assessment before = assessment(place);
        Assessment after = before.with(found, lacksWords(place.asked(), before), lacksScores(before));
        if (!after.equals(before)) files.keep(after, place.policy(), place.asked());
        return after;
    }

    private void tell(Unheard sound, Heard found) throws IOException {
        for (Place place : sound.places) keep(place, found);
        progress.done();
    }

    /** Reads the sounds, some at a time. */
    private final class Cutter implements WorkerPool.Tasks<Sounds> {
        private final Iterator<Unheard> rest;
        private int number;

        Cutter(Iterator<Unheard> rest) {
            this.rest = rest;
        }

        @Override
        public Optional<Sounds> next() throws IOException {
            List<Sounds.Sound> sounds = new ArrayList<>();
            long bytes = 0;
            while (rest.hasNext() && sounds.size() < SOUNDS_AT_ONCE && bytes < BYTES_AT_ONCE) {
                Unheard next = rest.next();
                Optional<byte[]> wav = wav(next);
                if (wav.isEmpty()) continue;
                sounds.add(new Sounds.Sound(next.sha256, next.heard, next.scored, wav.get()));
                bytes += wav.get().length;
            }
            return sounds.isEmpty() ? Optional.empty() : Optional.of(new Sounds(number++, sounds));
        }

        /** Empty if it cannot be read, which is noted. */
        private Optional<byte[]> wav(Unheard sound) throws IOException {
            if (Thread.currentThread().isInterrupted()) throw new RunStoppedException();
            Place place = sound.places.getFirst();
            byte[] wav;
            try {
                wav = Files.readAllBytes(files.wav(place.policy(), place.asked()));
            } catch (IOException e) {
                open.remove(sound.sha256);
                tell(sound, Heard.failed(sound.sha256, Failures.reason(e)));
                return Optional.empty();
            }
            return Optional.of(wav);
        }
    }

    private final class Kept implements WorkerPool.Sink<Sounds, Heard> {
        @Override
        public void found(Sounds task, Heard heard) throws IOException {
            Unheard sound = heard.sha256() == null ? null : open.remove(heard.sha256());
            if (sound == null || !heard.answers(sound.heard, sound.scored)) {
                throw new BadMessageException("heard: expected what was found of a sound of " + task);
            }
            tell(sound, heard);
        }

        @Override
        public void finished(Sounds task) {}

        @Override
        public void lost(Sounds task, String reason) throws IOException {
            for (Sounds.Sound one : task.sounds()) {
                Unheard sound = open.remove(one.sha256());
                if (sound != null) tell(sound, Heard.failed(one.sha256(), "lost with its batch: " + reason));
            }
        }
    }
}
