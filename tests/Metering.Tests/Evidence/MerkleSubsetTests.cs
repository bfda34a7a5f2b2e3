using System.Globalization;
using System.Text;
using Metering.Evidence.Log;
using Metering.Readings;
using Xunit;

namespace Metering.Tests.Evidence;

public sealed class MerkleSubsetTests
{
    private const int Seed = 6962;

    [Fact]
    public void Every_set_of_leaves_of_every_small_tree_proves_itself()
    {
        for (int size = 1; size <= 9; size++)
        {
            MerkleTree tree = Tree(size);
            for (int set = 0; set < 1 << size; set++)
            {
                long[] indices = [.. Enumerable.Range(0, size).Where(index => (set >> index & 1) == 1).Select(index => (long)index)];
                Assert.True(MerkleSubset.Verify(indices, Hashes(indices), size, MerkleSubset.Prove(tree, indices, size), tree.Root(size)), $"{set:B} of {size}");
            }
        }
    }

    [Fact]
    public void A_proof_holds_for_its_leaves_places_size_and_root_only()
    {
        Random random = new(Seed);
        MerkleTree tree = Tree(300);
        for (int round = 0; round < 200; round++)
        {
            long size = random.NextInt64(2, tree.Count + 1);
            long[] indices = [.. Enumerable.Range(0, (int)size).Where(_ => random.Next(4) == 0).Select(index => (long)index)];
            if (indices.Length == 0)
            {
                continue;
            }

            IReadOnlyList<byte[]> proof = MerkleSubset.Prove(tree, indices, size);
            byte[] root = tree.Root(size);
            List<byte[]> hashes = Hashes(indices);
            Assert.True(MerkleSubset.Verify(indices, hashes, size, proof, root));
            int one = random.Next(indices.Length);
            Assert.False(MerkleSubset.Verify(indices, [.. hashes.Select((hash, index) => index == one ? MerkleHash.Leaf("other"u8) : hash)], size, proof, root));
            Assert.False(MerkleSubset.Verify(indices, hashes, size, [.. proof, new byte[32]], root));
            Assert.False(MerkleSubset.Verify(indices, hashes, size, proof, MerkleHash.Leaf(root)));
            Assert.False(proof.Count > 0 && MerkleSubset.Verify(indices, hashes, size, [.. proof.Skip(1)], root));
            Assert.False(indices[one] + 1 < size && !indices.Contains(indices[one] + 1)
                && MerkleSubset.Verify([.. indices.Select((index, place) => place == one ? index + 1 : index)], hashes, size, proof, root));
        }
    }

    [Fact]
    public void Places_out_of_order_twice_or_beyond_the_end_are_no_proof()
    {
        MerkleTree tree = Tree(5);
        List<byte[]> hashes = Hashes([1, 2]);
        IReadOnlyList<byte[]> proof = MerkleSubset.Prove(tree, [1, 2], 5);
        Assert.False(MerkleSubset.Verify([2, 1], [hashes[1], hashes[0]], 5, proof, tree.Root(5)));
        Assert.False(MerkleSubset.Verify([1, 1], hashes, 5, proof, tree.Root(5)));
        Assert.False(MerkleSubset.Verify([1, 5], hashes, 5, proof, tree.Root(5)));
        Assert.False(MerkleSubset.Verify([1], hashes, 5, proof, tree.Root(5)));
        Assert.False(MerkleSubset.Verify([], [], 0, [], tree.Root(0)));
        _ = Assert.Throws<ArgumentException>(() => MerkleSubset.Prove(tree, [2, 1], 5));
    }

    [Fact]
    public void Neighbours_share_their_proof()
    {
        MerkleTree tree = Tree(4096);
        Assert.InRange(MerkleSubset.Prove(tree, [.. Enumerable.Range(1000, 2000).Select(index => (long)index)], 4096).Count, 1, 22);
        Assert.Empty(MerkleSubset.Prove(tree, [.. Enumerable.Range(0, 4096).Select(index => (long)index)], 4096));
    }

    private static MerkleTree Tree(int size)
    {
        MerkleTree tree = new();
        for (int index = 0; index < size; index++)
        {
            _ = tree.Append(LeafOf(index));
        }

        return tree;
    }

    private static List<byte[]> Hashes(long[] indices) => [.. indices.Select(index => MerkleHash.Leaf(LeafOf(index)))];

    private static byte[] LeafOf(long index) => Encoding.ASCII.GetBytes(index.ToString(CultureInfo.InvariantCulture));
}
