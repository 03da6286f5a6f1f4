package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of clients' certificates. */
class DtlsServerTest {
    private final DtlsServer.Identity identity = new DtlsServer.Identity();

    /** Presents a certificate whose fingerprint is in the offer. */
    private void present(SubjectPublicKeyInfo key) throws Exception {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        X500Name name = new X500Name("CN=client");
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(1));
        generator.setSignature(algorithm);
        generator.setIssuer(name);
        generator.setSubject(name);
        generator.setStartDate(new Time(new java.util.Date(0)));
        generator.setEndDate(new Time(new java.util.Date(Integer.MAX_VALUE * 1000L)));
        generator.setSubjectPublicKeyInfo(key);
        ASN1EncodableVector all = new ASN1EncodableVector();
        all.add(generator.generateTBSCertificate());
        all.add(algorithm);
        all.add(new DERBitString(new byte[64]));
        byte[] encoded = new DERSequence(all).getEncoded();
        String fingerprint = HexFormat.ofDelimiter(":")
                .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        new DtlsServer(identity, fingerprint, Duration.ofSeconds(1))
                .notifyClientCertificate(
                        new Certificate(new TlsCertificate[] {identity.crypto.createCertificate(encoded)}));
    }

    /** Returns a key of RSA with random numbers, which costs as much to verify as a real one. */
    private static SubjectPublicKeyInfo rsa(int bits, int exponentBits) throws Exception {
        Random random = new Random(3);
        BigInteger modulus = new BigInteger(bits, random).setBit(bits - 1).setBit(0);
        BigInteger exponent =
                new BigInteger(exponentBits, random).setBit(exponentBits - 1).setBit(0);
        return new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                new RSAPublicKey(modulus, exponent));
    }

    private static SubjectPublicKeyInfo ecdsa(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return SubjectPublicKeyInfo.getInstance(
                generator.generateKeyPair().getPublic().getEncoded());
    }

    @ParameterizedTest
    @CsvSource({"1024, 17", "2048, 17", "4096, 17", "4096, 68"})
    void keysOfRsaAreAccepted(int bits, int exponentBits) {
        assertThatCode(() -> present(rsa(bits, exponentBits))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void keysOfEllipticCurvesAreAccepted(String curve) {
        assertThatCode(() -> present(ecdsa(curve))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"16384, 16384", "65536, 65536", "4104, 17", "8192, 17", "4096, 4096", "2048, 1024"})
    void longKeysAreRefused(int bits, int exponentBits) {
        assertThatThrownBy(() -> present(rsa(bits, exponentBits)))
                .isInstanceOf(TlsFatalAlert.class)
                .hasMessageContaining("unsupported_certificate");
    }

    @Test
    void otherKeysAreRefused() throws Exception {
        SubjectPublicKeyInfo named = ecdsa("secp256r1");
        SubjectPublicKeyInfo described = new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECNamedCurves.getByName("secp256r1")),
                named.getPublicKeyData().getBytes());
        SubjectPublicKeyInfo edwards = SubjectPublicKeyInfo.getInstance(KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded());
        for (SubjectPublicKeyInfo key : new SubjectPublicKeyInfo[] {described, edwards}) {
            assertThatThrownBy(() -> present(key)).hasMessageContaining("unsupported_certificate");
        }
        assertThat(described.getAlgorithm()).isNotEqualTo(named.getAlgorithm());
    }
}
