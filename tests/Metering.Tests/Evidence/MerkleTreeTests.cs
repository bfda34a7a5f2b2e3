using System.Text;
using Metering.Evidence.Log;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Evidence;

/// <summary>Leaves and roots are the reference vectors used by Certificate Transparency implementations; the proofs were computed from the definitions in RFC 6962, 2.1.1 and 2.1.2 by an independent program.</summary>
public sealed class MerkleTreeTests
{
    private const int Seed = 6962;

    private static readonly string[] Leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_roots_of_the_reference_leaves_are_the_reference_roots()
    {
        MerkleTree tree = ReferenceTree();
        for (int size = 0; size <= Leaves.Length; size++)
        {
            Assert.Equal(Roots[size], Convert.ToHexStringLower(tree.Root(size)));
        }
    }

    [Theory]
    [InlineData(0, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(5, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(1, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void An_inclusion_proof_is_the_one_of_the_definition(long index, long size, string expected) =>
        Assert.Equal(expected, Text(ReferenceTree().InclusionProof(index, size)));

    [Theory]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    [InlineData(3, 7, "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7 07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7 fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125 837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e")]
    [InlineData(4, 8, "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    public void A_consistency_proof_is_the_one_of_the_definition(long first, long second, string expected) =>
        Assert.Equal(expected, Text(ReferenceTree().ConsistencyProof(first, second)));

    [Fact]
    public void Every_leaf_of_every_size_proves_itself_and_no_other()
    {
        MerkleTree tree = NumberedTree(70);
        for (long size = 1; size <= tree.Count; size++)
        {
            byte[] root = tree.Root(size);
            for (long index = 0; index < size; index++)
            {
                IReadOnlyList<byte[]> proof = tree.InclusionProof(index, size);
                byte[] leaf = MerkleHash.Leaf(Leaf(index));
                Assert.True(MerkleProof.VerifyInclusion(leaf, index, size, proof, root), $"{index} of {size}");
                Assert.False(MerkleProof.VerifyInclusion(MerkleHash.Leaf(Leaf(index + 1)), index, size, proof, root), $"other leaf, {index} of {size}");
                Assert.False(MerkleProof.VerifyInclusion(leaf, index + 1, size, proof, root), $"other index, {index} of {size}");
            }
        }
    }

    [Fact]
    public void Every_pair_of_sizes_is_consistent_and_a_changed_past_is_not()
    {
        MerkleTree tree = NumberedTree(40);
        MerkleTree rewritten = new();
        for (int index = 0; index < 40; index++)
        {
            _ = rewritten.Append(Leaf(index == 0 ? 999 : index));
        }

        for (long second = 0; second <= tree.Count; second++)
        {
            for (long first = 0; first <= second; first++)
            {
                IReadOnlyList<byte[]> proof = tree.ConsistencyProof(first, second);
                Assert.True(MerkleProof.VerifyConsistency(first, tree.Root(first), second, tree.Root(second), proof), $"{first} to {second}");
                bool lies = first > 0 && MerkleProof.VerifyConsistency(first, tree.Root(first), second, rewritten.Root(second), rewritten.ConsistencyProof(first, second));
                Assert.False(lies, $"changed past, {first} to {second}");
            }
        }
    }

    [Fact]
    public void A_proof_with_one_changed_bit_or_length_proves_nothing()
    {
        MerkleTree tree = NumberedTree(33);
        Random random = new(Seed);
        for (int round = 0; round < 500; round++)
        {
            long size = random.Next(2, 34);
            long index = random.NextInt64(size);
            List<byte[]> proof = [.. tree.InclusionProof(index, size)];
            byte[] leaf = MerkleHash.Leaf(Leaf(index));
            List<byte[]> longer = [.. proof, new byte[MerkleHash.Length]];
            Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, longer, tree.Root(size)), $"seed {Seed} round {round}");
            Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, proof[1..], tree.Root(size)), $"seed {Seed} round {round}");
            int which = random.Next(proof.Count);
            proof[which] = [.. proof[which]];
            proof[which][random.Next(MerkleHash.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, proof, tree.Root(size)), $"seed {Seed} round {round}");
        }
    }

    private static MerkleTree ReferenceTree()
    {
        MerkleTree tree = new();
        foreach (string leaf in Leaves)
        {
            _ = tree.Append(Convert.FromHexString(leaf));
        }

        return tree;
    }

    private static MerkleTree NumberedTree(int count)
    {
        MerkleTree tree = new();
        for (int index = 0; index < count; index++)
        {
            Assert.Equal(index, tree.Append(Leaf(index)));
        }

        return tree;
    }

    private static byte[] Leaf(long index) => Encoding.ASCII.GetBytes($"leaf {index}");

    private static string Text(IReadOnlyList<byte[]> proof) => string.Join(' ', proof.Select(Convert.ToHexStringLower));
}
