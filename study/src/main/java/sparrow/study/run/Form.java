package sparrow.study.run;

import java.util.function.Function;

/**
 * How something travels from one machine to another.
 *
 * @param <X> what travels
 */
public interface Form<X> {
    /** On its way. */
    Parcel pack(X value);

    /**
     * The same again.
     *
     * @throws BadParcelException if the parcel holds none
     */
    X unpack(Parcel parcel);

    /** Something that JSON says all of, by {@link RunJson}. */
    static <X> Form<X> json(Class<X> type) {
        return of(Parcel::of, parcel -> parcel.read(type));
    }

    /** Something that can be packed and unpacked. */
    static <X> Form<X> of(Function<X, Parcel> packing, Function<Parcel, X> unpacking) {
        return new Form<>() {
            @Override
            public Parcel pack(X value) {
                return packing.apply(value);
            }

            @Override
            public X unpack(Parcel parcel) {
                return unpacking.apply(parcel);
            }
        };
    }
}
