package sparrow.study.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.FileDigest;
import sparrow.study.run.Parcel;

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
        Waveform waveform() {
            return WavFile.read(wav, Path.of(sha256 + ".wav"));
        }
    }

    private record Json(int number, List<SoundJson> sounds) {}

    private record SoundJson(String sha256, boolean heard, boolean scored) {}

    /** For another machine. */
    Parcel pack() {
        List<SoundJson> all = sounds.stream()
                .map(sound -> new SoundJson(sound.sha256(), sound.heard(), sound.scored()))
                .toList();
        return Parcel.of(new Json(number, all), sounds.stream().map(Sound::wav).toArray(byte[][]::new));
    }

    /**
     * The same sounds.
     *
     * @throws BadParcelException if it has none, or others
     */
    static Sounds unpack(Parcel parcel) {
        Json json = parcel.read(Json.class);
        if (json.sounds() == null) throw new BadParcelException("sounds: expected a list, found none");
        List<Sound> sounds = new ArrayList<>();
        for (SoundJson one : json.sounds()) {
            byte[] wav = parcel.attachment(sounds.size());
            if (one == null || !FileDigest.sha256(wav).equals(one.sha256())) {
                throw new BadParcelException("sounds: number " + sounds.size() + " is not what was sent");
            }
            sounds.add(new Sound(one.sha256(), one.heard(), one.scored(), wav));
        }
        return new Sounds(json.number(), sounds);
    }

    /** For messages. */
    @Override
    public String toString() {
        return "batch " + number + " of " + sounds.size() + " sounds";
    }
}
