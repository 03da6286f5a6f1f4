package sparrow.study.compare;

import java.nio.file.Path;
import java.util.List;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.run.FileDigest;

/**
 * Sounds that are listened to together.
 *
 * @param number of the batch, from 0
 * @param sounds each once
 */
record Sounds(int number, List<Sound> sounds) {
    /** Nothing to listen to. */
    static final Sounds NONE = new Sounds(0, List.of());

    Sounds {
        sounds = List.copyOf(sounds);
    }

    /**
     * One sound.
     *
     * @param sha256 of its WAV file
     * @param heard whether its words are wanted
     * @param scored whether opinion scores of it are wanted
     * @param wav the file
     */
    record Sound(String sha256, boolean heard, boolean scored, byte[] wav) {
        Sound {
            if (!FileDigest.sha256(wav).equals(sha256)) {
                throw new IllegalArgumentException("sound " + sha256 + ": is not the one that was meant");
            }
        }

        Waveform waveform() {
            return WavFile.read(wav, Path.of(sha256 + ".wav"));
        }
    }

    /** For messages. */
    @Override
    public String toString() {
        return "batch " + number + " of " + sounds.size() + " sounds";
    }
}
